using System.Text.Json;

namespace AptRl.Host.Demo;

/// <summary>Which stay of the shoppers this is, and when it begins in event time, for a data folder that outlives the demo.</summary>
/// <remarks>
/// A second demo on the same folder meets users who are known already: its events need new ids, or they would be taken
/// for repeats, and later times, or they would be late.
/// </remarks>
internal sealed class DemoClock
{
    private const string FileName = "demo-clock.json";
    private static readonly TimeSpan Night = TimeSpan.FromHours(8);

    private readonly string _path;

    private DemoClock(string path, int run, DateTimeOffset startAt) => (_path, Run, StartAt) = (path, run, startAt);

    /// <summary>The number of the stay, from 1.</summary>
    public int Run { get; }

    /// <summary>When it begins, in event time.</summary>
    public DateTimeOffset StartAt { get; }

    /// <summary>Claims the next stay in this folder.</summary>
    /// <param name="fresh">When the first stay in a folder begins.</param>
    /// <exception cref="InvalidDataException">The folder's clock cannot be read.</exception>
    public static DemoClock Next(string folder, DateTimeOffset fresh)
    {
        var path = Path.Combine(folder, FileName);
        var last = Read(path);
        var clock = last is null ? new DemoClock(path, 1, fresh) : new DemoClock(path, last.Run + 1, last.Through + Night);
        clock.Keep(clock.StartAt);
        return clock;
    }

    /// <summary>Remembers how far event time has gone.</summary>
    public void Keep(DateTimeOffset through)
    {
        var partial = _path + ".partial";
        File.WriteAllText(partial, JsonSerializer.Serialize(new Reading(Run, through), JsonSerializerOptions.Web));
        File.Move(partial, _path, overwrite: true);
    }

    private static Reading? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Reading>(File.ReadAllText(path), JsonSerializerOptions.Web) is { Run: > 0 } reading ? reading : throw Unreadable(path, null);
        }
        catch (JsonException error)
        {
            throw Unreadable(path, error);
        }
    }

    private static InvalidDataException Unreadable(string path, Exception? cause)
        => new($"'{path}' does not hold a demo's clock: choose another --data-dir, or delete this one", cause);

    private sealed record Reading(int Run, DateTimeOffset Through);
}
