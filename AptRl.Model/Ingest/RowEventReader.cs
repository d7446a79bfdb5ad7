using System.Globalization;
using System.Text.Unicode;

namespace AptRl.Model.Ingest;

/// <summary>Reads events from the rows of one CSV or TSV file.</summary>
internal sealed class RowEventReader : IDisposable
{
    private readonly RowSplitter _splitter;
    private readonly int[] _columns;
    private readonly int _columnCount;

    private RowEventReader(RowSplitter splitter, int[] columns, int columnCount)
        => (_splitter, _columns, _columnCount) = (splitter, columns, columnCount);

    /// <summary>Takes the header.</summary>
    /// <exception cref="IngestException">The header lacks a column.</exception>
    public static RowEventReader Open(ReadOnlySpan<byte> header, bool isTabbed, ColumnMapping? mapping)
    {
        var splitter = new RowSplitter(isTabbed ? '\t' : DelimiterOf(header));
        var names = splitter.Split(header) ?? [];
        return new RowEventReader(splitter, mapping?.Bind(names) ?? ColumnMapping.Recognise(names), names.Length);
    }

    public ParsedEvent Parse(ReadOnlySpan<byte> row, long line, DateTimeOffset latest)
    {
        if (!Utf8.IsValid(row))
        {
            return ParsedEvent.Reject(line, RejectCode.BadEncoding, "the bytes are not UTF-8: convert the file to UTF-8", row);
        }

        if (_splitter.Split(row) is not { } fields)
        {
            return ParsedEvent.Reject(line, RejectCode.BadQuoting, "a quote is not closed on its line, or stands inside a field that is not quoted: double quotes inside quoted fields", row);
        }

        if (fields.Length != _columnCount)
        {
            return ParsedEvent.Reject(line, RejectCode.BadColumnCount, $"{fields.Length} fields, the header has {_columnCount}: quote fields that hold the delimiter", row);
        }

        var raw = Read(fields);
        return EventJudge.Judge(ref raw, line, row, latest);
    }

    public void Dispose() => _splitter.Dispose();

    private RawEvent Read(string[] fields)
    {
        var raw = new RawEvent
        {
            Id = Text(fields, Field.Id),
            Kind = Text(fields, Field.Type),
            Time = Text(fields, Field.Time),
            User = Text(fields, Field.User),
            Items = Text(fields, Field.Item) is { } item ? [item] : null,
            Session = Text(fields, Field.Session),
            RecommendationId = Text(fields, Field.Recommendation),
            Query = Text(fields, Field.Query),
        };
        if (Text(fields, Field.Value) is { } value)
        {
            raw.Value = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
        }

        if (Text(fields, Field.Position) is { } position)
        {
            raw.Position = int.TryParse(position, NumberStyles.Integer, CultureInfo.InvariantCulture, out var place) ? place : -1;
        }

        return raw;
    }

    private string? Text(string[] fields, Field field)
        => _columns[(int)field] is >= 0 and var column && fields[column].Length > 0 ? fields[column] : null;

    private static char DelimiterOf(ReadOnlySpan<byte> header)
    {
        var best = ',';
        foreach (var candidate in ";\t|")
        {
            best = header.Count((byte)candidate) > header.Count((byte)best) ? candidate : best;
        }

        return best;
    }
}
