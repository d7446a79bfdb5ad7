namespace AptRl.Model.Ingest;

/// <summary>Says which column of a CSV or TSV file holds which field.</summary>
public sealed class ColumnMapping
{
    private static readonly (string Name, Field Field)[] Fields =
    [
        ("user", Field.User),
        ("time", Field.Time),
        ("type", Field.Type),
        ("item", Field.Item),
        ("id", Field.Id),
        ("session", Field.Session),
        ("value", Field.Value),
        ("recommendation", Field.Recommendation),
        ("position", Field.Position),
        ("query", Field.Query),
    ];

    private static readonly Field[] Required = [Field.User, Field.Time, Field.Type, Field.Item];

    private readonly IReadOnlyDictionary<Field, string> _columns;

    private ColumnMapping(IReadOnlyDictionary<Field, string> columns) => _columns = columns;

    /// <summary>Reads a mapping such as <c>user=user,time=unix_seconds,type=event,item=item</c>.</summary>
    /// <param name="text">
    /// field=column pairs; the fields are user, time, type, item (these four are needed), id, session, value,
    /// recommendation, position and query. Case does not count in either.
    /// </param>
    /// <exception cref="IngestException">It is not of this form, or a needed field is missing.</exception>
    public static ColumnMapping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var columns = new Dictionary<Field, string>();
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            var known = Array.FindIndex(Fields, field => field.Name.Equals(pair[..Math.Max(cut, 0)].Trim(), StringComparison.OrdinalIgnoreCase));
            if (known < 0 || cut == pair.Length - 1)
            {
                throw Bad($"\"{Rejected.Cut(pair, 100)}\" in the column mapping is not field=column with a field that is known");
            }

            if (!columns.TryAdd(Fields[known].Field, pair[(cut + 1)..].Trim()))
            {
                throw Bad($"the column mapping names {Fields[known].Name} twice");
            }
        }

        var missing = Fields.Where(field => Required.Contains(field.Field) && !columns.ContainsKey(field.Field)).Select(field => field.Name).ToArray();
        return missing.Length == 0 ? new ColumnMapping(columns) : throw Bad($"the column mapping lacks {string.Join(", ", missing)}");
    }

    /// <summary>The column of each field in this header; -1 for a field without one.</summary>
    internal int[] Bind(string[] header)
    {
        var bound = Unbound();
        foreach (var (field, column) in _columns)
        {
            var index = Array.FindIndex(header, name => name.Trim().Equals(column, StringComparison.OrdinalIgnoreCase));
            bound[(int)field] = index >= 0 ? index
                : throw new IngestException(IngestFault.MissingColumn, $"column \"{column}\" is not in the header; the columns there are: {string.Join(", ", header)}");
        }

        return bound;
    }

    /// <summary>The columns whose names say what they are, as in RetailRocket's <c>timestamp,visitorid,event,itemid,transactionid</c>.</summary>
    internal static int[] Recognise(string[] header)
    {
        var bound = Unbound();
        var ranks = new int[FieldNames.Count];
        for (var column = 0; column < header.Length; column++)
        {
            // A column called just "id" may number rows, items or users: as an event id it could make all of them repeats.
            if (!FieldNames.TryFind(header[column].Trim(), out var field, out var rank) || (field is Field.Id && rank == 0))
            {
                continue;
            }

            var index = (int)field;
            if (bound[index] < 0 || rank < ranks[index])
            {
                (bound[index], ranks[index]) = (column, rank);
            }
        }

        bound[(int)Field.Type] = bound[(int)Field.Type] >= 0 ? bound[(int)Field.Type] : bound[(int)Field.Event];
        var missing = Fields.Where(field => Required.Contains(field.Field) && bound[(int)field.Field] < 0).Select(field => field.Name).ToArray();
        return missing.Length == 0 ? bound
            : throw new IngestException(
                IngestFault.MissingColumn,
                $"no column is recognised as {string.Join(", ", missing)}; the columns there are: {string.Join(", ", header.Select(name => Rejected.Cut(name, 64)).Take(50))}. "
                + "Name them with a mapping such as user=visitor,time=timestamp,type=event,item=itemid");
    }

    private static int[] Unbound()
    {
        var bound = new int[FieldNames.Count];
        Array.Fill(bound, -1);
        return bound;
    }

    private static IngestException Bad(string what)
        => new(IngestFault.BadMapping, $"{what}: write {string.Join(",", Fields.Take(4).Select(field => $"{field.Name}=COLUMN"))} and, where there are, {string.Join(", ", Fields.Skip(4).Select(field => field.Name))}");
}
