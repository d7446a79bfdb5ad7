using System.Text.Json.Nodes;

namespace AptRl.Host.Operators;

/// <summary>What a command answers: the JSON for machines, and rows for people.</summary>
/// <param name="Json">As the node told it, or the part of it that was asked for.</param>
/// <param name="Heads">Names of the columns.</param>
/// <param name="Rows">Cells.</param>
internal sealed record ConsoleAnswer(JsonNode? Json, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>One row for each element of an array.</summary>
    public static ConsoleAnswer Table(JsonNode? array, params (string Head, Func<JsonNode, string?> Cell)[] columns)
        => new(array, [.. columns.Select(column => column.Head)],
            [.. (array?.AsArray() ?? []).Select(row => (IReadOnlyList<string>)[.. columns.Select(column => column.Cell(row!) ?? "")])]);

    /// <summary>One row for each name with its value.</summary>
    public static ConsoleAnswer Facts(JsonNode? json, params (string Name, string? Value)[] facts)
        => new(json, [], [.. facts.Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value ?? ""])]);

    /// <summary>The rows in columns as wide as they need to be.</summary>
    public IEnumerable<string> Lines()
    {
        IReadOnlyList<IReadOnlyList<string>> all = Heads.Count > 0 ? [Heads, .. Rows] : Rows;
        if (Rows.Count == 0)
        {
            yield return "none";
            yield break;
        }

        int[] widths = [.. Enumerable.Range(0, all.Max(row => row.Count)).Select(column => all.Max(row => column < row.Count ? row[column].Length : 0))];
        foreach (var row in all)
        {
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
        }
    }
}
