using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AptRl.Model.Ingest;

/// <summary>Splits one line of CSV (RFC 4180, but a field ends with its line) or TSV (no quotes) into fields.</summary>
/// <remarks>
/// A line is a row: a quote that is never closed then costs one row and not the rest of the file. CsvHelper reads to the
/// end of its reader, so the reader given to it holds one line at a time.
/// </remarks>
internal sealed class RowSplitter : IDisposable
{
    private readonly OneLine _line = new();
    private readonly CsvParser _parser;
    private bool _isBad;

    public RowSplitter(char delimiter)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            Mode = delimiter == '\t' ? CsvMode.NoEscape : CsvMode.RFC4180,
            BadDataFound = _ => _isBad = true,
            IgnoreBlankLines = false,
            LineBreakInQuotedFieldIsBadData = true,
            TrimOptions = TrimOptions.None,
        };
        _parser = new CsvParser(_line, configuration);
    }

    /// <summary>The fields; null where the quotes do not close.</summary>
    public string[]? Split(ReadOnlySpan<byte> utf8)
    {
        _isBad = false;
        _line.Set(utf8);
        string[] fields = _parser.Read() ? _parser.Record! : [];

        // A carriage return inside the line would start a second row; it must not be left for the next call.
        while (_parser.Read())
        {
            _isBad = true;
        }

        return _isBad ? null : fields;
    }

    public void Dispose() => _parser.Dispose();

    private sealed class OneLine : TextReader
    {
        private char[] _letters = new char[1_024];
        private int _at;
        private int _end;

        public void Set(ReadOnlySpan<byte> utf8)
        {
            if (_letters.Length <= utf8.Length)
            {
                _letters = new char[utf8.Length + 1];
            }

            _at = 0;
            _end = System.Text.Encoding.UTF8.GetChars(utf8, _letters);
            _letters[_end++] = '\n';
        }

        public override int Read(char[] buffer, int index, int count)
        {
            var length = Math.Min(count, _end - _at);
            Array.Copy(_letters, _at, buffer, index, length);
            _at += length;
            return length;
        }
    }
}
