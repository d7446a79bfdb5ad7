using System.Runtime.CompilerServices;
using System.Text.Unicode;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Model.Datasets;

/// <summary>One file of a data folder, plain or packed, line by line.</summary>
internal sealed class DataFile
{
    /// <summary>Bytes of a line at most: a session of a million touches.</summary>
    private const int LineBytesMax = 16 << 20;

    private DataFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>Finds the one file of a folder that has one of these names, plain or with .gz.</summary>
    /// <exception cref="IngestException">The folder has none of them or several.</exception>
    public static DataFile Find(string folder, params ReadOnlySpan<string> names)
    {
        if (!Directory.Exists(folder))
        {
            throw new IngestException(IngestFault.MissingFile, $"{folder} is not a folder: check the path, seen from {Environment.CurrentDirectory}");
        }

        var wanted = names.ToArray().SelectMany(name => new[] { name, name + ".gz" }).ToArray();
        var found = wanted.Where(name => File.Exists(System.IO.Path.Combine(folder, name))).ToArray();
        return found switch
        {
            [var one] => new DataFile(System.IO.Path.Combine(folder, one)),
            [] => throw new IngestException(
                IngestFault.MissingFile,
                $"{folder} has no {string.Join(" or ", wanted)}; it has {Listing(folder)}: put the file there, or name the format that the folder has"),
            _ => throw new IngestException(IngestFault.AmbiguousFile, $"{folder} has {string.Join(" and ", found)}: leave one of them"),
        };
    }

    /// <summary>The lines that are not blank, with their numbers from 1.</summary>
    /// <exception cref="IngestException">The file cannot be read, ends in the middle, or a line is too long or not UTF-8.</exception>
    public IEnumerable<(int Number, string Text)> Lines(CancellationToken cancellation) => LinesAsync(cancellation).ToBlockingEnumerable(cancellation);

    public IngestException Bad(int line, string what) => new(IngestFault.MalformedLine, $"line {line} of {Path} {what}");

    public IngestException TooLittle(string what) => new(IngestFault.TooLittleData, $"{Path} {what}");

    /// <summary>Takes the item that stands on a line.</summary>
    public ItemId Item(string text, int line)
        => Identifier.Fault(text, "item id") is { } fault ? throw Bad(line, $"names no item: {fault}") : new ItemId(text);

    private async IAsyncEnumerable<(int Number, string Text)> LinesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = SourceFile.Open(Path, Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase));
        var lines = new LineReader(stream, LineBytesMax);
        while (await lines.NextAsync(cancellation) is { } line)
        {
            if (line.IsOverlong)
            {
                throw Bad((int)line.Line, $"is longer than {LineBytesMax} bytes: cut the session");
            }

            if (!Utf8.IsValid(line.Bytes.Span))
            {
                throw Bad((int)line.Line, "is not UTF-8: convert the file to UTF-8");
            }

            var text = System.Text.Encoding.UTF8.GetString(line.Bytes.Span);
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return ((int)line.Line, text);
            }
        }

        if (lines.Damage is { } damage)
        {
            throw new IngestException(
                IngestFault.TruncatedFile, $"{Path} ends in the middle after {lines.LineBreaks} whole lines ({damage}): fetch it again");
        }
    }

    private static string Listing(string folder)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal).Take(10)!];
        return names.Length == 0 ? "nothing" : string.Join(", ", names);
    }
}
