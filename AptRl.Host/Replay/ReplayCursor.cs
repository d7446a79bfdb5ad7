using System.Text.Json;
using AptRl.Host.Commands;

namespace AptRl.Host.Replay;

/// <summary>How far a replay has come: all before it is durable and published, and the sinks hold no more than it says.</summary>
/// <param name="Input">The log, by its full path.</param>
/// <param name="InputBytes">Its length.</param>
/// <param name="Columns">Its column mapping.</param>
/// <param name="Model">Version of the encoder.</param>
/// <param name="Count">Items of a slate.</param>
/// <param name="Read">Lines done.</param>
/// <param name="Late">Events that were late.</param>
/// <param name="Rejected">Lines that were rejected.</param>
/// <param name="RejectsBytes">Length of the reject sink.</param>
/// <param name="DecisionsBytes">Length of the decision sink.</param>
/// <param name="Seconds">Time taken so far.</param>
internal sealed record ReplayCursor(
    string Input, long InputBytes, string? Columns, string Model, int Count, long Read, long Late, long Rejected, long RejectsBytes, long DecisionsBytes, double Seconds)
{
    /// <summary>The cursor of a data folder, or null before the first epoch is done.</summary>
    /// <exception cref="UserErrorException">It is of another replay, or cannot be read.</exception>
    public static ReplayCursor? Load(ReplayOptions options, string model)
    {
        if (!File.Exists(options.CursorFile))
        {
            return null;
        }

        ReplayCursor? cursor;
        try
        {
            cursor = JsonSerializer.Deserialize<ReplayCursor>(File.ReadAllBytes(options.CursorFile));
        }
        catch (JsonException fault)
        {
            throw new UserErrorException($"{options.CursorFile} cannot be read ({fault.Message}): name another --data-dir, or delete this one to begin anew");
        }

        var input = Path.GetFullPath(options.Input);
        return cursor is not null && cursor.Input == input && cursor.InputBytes == new FileInfo(input).Length && cursor.Columns == options.Columns && cursor.Model == model && cursor.Count == options.Count
            ? cursor
            : throw new UserErrorException(
                $"{options.DataDir} holds a replay of {cursor?.Input} with columns {cursor?.Columns ?? "as they are"}, model {cursor?.Model} and slates of {cursor?.Count}: name another --data-dir, or run that one again");
    }

    /// <summary>Writes it by rename, so that a crash leaves the old one or the new one.</summary>
    public void Save(string path)
    {
        var partial = path + ".partial";
        using (var file = File.Create(partial))
        {
            JsonSerializer.Serialize(file, this);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }
}
