using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AptRl.Actors.Operators;

/// <summary>What a command answers: rows for people, and the same as JSON for machines.</summary>
/// <param name="Heads">Names of the columns; empty where there are none to be named.</param>
/// <param name="Rows">Cells, row by row.</param>
/// <param name="Json">For machines.</param>
public sealed record CommandAnswer(ImmutableArray<string> Heads, ImmutableArray<ImmutableArray<string>> Rows, JsonNode? Json)
{
    /// <summary>One row for each element; in JSON an array of objects whose members are named as the columns.</summary>
    public static CommandAnswer Table<T>(IEnumerable<T> elements, params (string Head, Func<T, object?> Cell)[] columns)
    {
        var list = elements.ToList();
        return new CommandAnswer(
            [.. columns.Select(column => column.Head)],
            [.. list.Select(element => columns.Select(column => TextOf(column.Cell(element))).ToImmutableArray())],
            new JsonArray([.. list.Select(element => JsonOf(columns.Select(column => (column.Head, column.Cell(element)))))]));
    }

    /// <summary>One row for each name with its value; in JSON one object.</summary>
    public static CommandAnswer Facts(params (string Name, object? Value)[] facts)
        => new([], [.. facts.Select(fact => ImmutableArray.Create(fact.Name, TextOf(fact.Value)))], JsonOf(facts));

    /// <summary>One row of cells without a head: a line of a tail. In JSON one object.</summary>
    public static CommandAnswer Line(params (string Name, object? Value)[] cells)
        => new([], [[.. cells.Select(cell => TextOf(cell.Value)).Where(text => text.Length > 0)]], JsonOf(cells));

    private static JsonObject JsonOf(IEnumerable<(string Name, object? Value)> members)
        => new(members.Select(member => KeyValuePair.Create(MemberOf(member.Name), NodeOf(member.Value))));

    // "users awake" → usersAwake.
    private static string MemberOf(string head)
        => string.Concat(head.Split(' ').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static JsonNode? NodeOf(object? value) => value switch
    {
        JsonNode node => node.DeepClone(),
        DateTimeOffset time => TextOf(time),
        TimeSpan span => TextOf(span),
        _ => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web),
    };

    private static string TextOf(object? value) => value switch
    {
        // What is JSON already is for machines.
        null or JsonNode => "",
        bool yes => yes ? "yes" : "no",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture),
        TimeSpan span => TimeSpan.FromSeconds(Math.Floor(span.TotalSeconds)).ToString("c", CultureInfo.InvariantCulture),
        float number => number.ToString("0.####", CultureInfo.InvariantCulture),
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IEnumerable<string> words => string.Join(' ', words),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
