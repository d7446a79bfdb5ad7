using System.Runtime.CompilerServices;

namespace AptRl.Model.Ingest;

/// <summary>How a file of events is read.</summary>
public sealed record EventFileOptions
{
    /// <summary>Which column holds what, for CSV and TSV; null recognises them by their names. Default null.</summary>
    public ColumnMapping? Columns { get; init; }

    /// <summary>Bytes of one line or JSON value; a longer one is rejected and skipped. Default 1 MiB.</summary>
    public int LineBytesMax { get; init; } = 1 << 20;

    /// <summary>An event may be ahead of our clock by this much. Default 5 minutes.</summary>
    public TimeSpan FutureTolerance { get; init; } = FutureTime.Tolerance;
}

/// <summary>Reads a file of events in bounded memory.</summary>
public static class EventFile
{
    private enum Format
    {
        Lines,
        Json,
        Csv,
        Tsv,
    }

    /// <summary>Reads the events of a file, in its order.</summary>
    /// <remarks>
    /// The name tells the format: .ndjson or .jsonl (a JSON object a line), .json (an array, or objects one after another),
    /// .csv or .tsv (with a header), each also with .gz behind it. Text is UTF-8. A blank line is no event; every other
    /// line gives exactly one. A file that ends in the middle, such as a gzip cut short, gives everything before, then
    /// one rejection with code <see cref="RejectCode.Truncated"/>; half a line before the cut is not read as an event.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">Bounds and columns.</param>
    /// <param name="clock">Tells what lies in the future.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="IngestException">The file as a whole cannot be read; thrown before the first event.</exception>
    public static IAsyncEnumerable<ParsedEvent> ReadAsync(string path, EventFileOptions options, TimeProvider clock, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.LineBytesMax);
        var (format, isGzip) = FormatOf(path);
        return ReadAsync(SourceFile.Open(path, isGzip), path, format, options, clock, cancellation);
    }

    private static async IAsyncEnumerable<ParsedEvent> ReadAsync(
        Stream file, string path, Format format, EventFileOptions options, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = file;
        RecordReader records = format is Format.Json ? new JsonValueReader(stream, options.LineBytesMax) : new LineReader(stream, options.LineBytesMax);
        using var rows = format is Format.Csv or Format.Tsv ? await OpenRowsAsync(records, path, format, options, cancellation) : null;
        while (await records.NextAsync(cancellation) is { } record)
        {
            if (!IsBlank(record.Bytes.Span) || record.IsOverlong)
            {
                yield return Parse(record, rows, options, clock);
            }
        }

        if (records.Damage is { } damage)
        {
            yield return ParsedEvent.Reject(
                records.LineBreaks + 1, RejectCode.Truncated, $"the file ends in the middle after {records.LineBreaks} whole lines ({damage}): fetch it again", records.Pending.Span);
        }
    }

    private static async ValueTask<RowEventReader?> OpenRowsAsync(
        RecordReader records, string path, Format format, EventFileOptions options, CancellationToken cancellation)
    {
        var header = await records.NextAsync(cancellation);
        if (header is { IsOverlong: false } first && !IsBlank(first.Bytes.Span))
        {
            return RowEventReader.Open(first.Bytes.Span, format is Format.Tsv, options.Columns);
        }

        throw new IngestException(IngestFault.MissingColumn, $"{path} has no header in its first line: put the names of the columns there");
    }

    private static ParsedEvent Parse(SourceRecord record, RowEventReader? rows, EventFileOptions options, TimeProvider clock)
    {
        if (record.IsOverlong)
        {
            return ParsedEvent.Reject(
                record.Line, RejectCode.LineTooLong, $"longer than {options.LineBytesMax} bytes: split it into several events", record.Bytes.Span);
        }

        var latest = clock.GetUtcNow() + options.FutureTolerance;
        return rows is null ? EventJson.Parse(record.Bytes, record.Line, latest) : rows.Parse(record.Bytes.Span, record.Line, latest);
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \r\n"u8) < 0;

    private static (Format Format, bool IsGzip) FormatOf(string path)
    {
        var isGzip = Path.GetExtension(path).Equals(".gz", StringComparison.OrdinalIgnoreCase);
        var extension = Path.GetExtension(isGzip ? Path.GetFileNameWithoutExtension(path) : path).ToLowerInvariant();
        Format? format = extension switch
        {
            ".ndjson" or ".jsonl" => Format.Lines,
            ".json" => Format.Json,
            ".csv" => Format.Csv,
            ".tsv" => Format.Tsv,
            _ => null,
        };
        return (
            format ?? throw new IngestException(
                IngestFault.UnknownExtension, $"{path}: the extension \"{extension}\" is not known: name the file .ndjson, .jsonl, .json, .csv or .tsv, each also with .gz"),
            isGzip);
    }
}
