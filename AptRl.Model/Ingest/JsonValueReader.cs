namespace AptRl.Model.Ingest;

/// <summary>Cuts a stream into the elements of its JSON array, or into JSON values one after another.</summary>
/// <remarks>It finds only where a value ends, by depth and quotes; whether the value is JSON is for the parser to say.</remarks>
internal sealed class JsonValueReader(Stream stream, int bytesMax) : RecordReader(stream, bytesMax)
{
    private bool _isInArray;

    public override async ValueTask<SourceRecord?> NextAsync(CancellationToken cancellation)
    {
        if (!await SkipToValueAsync(cancellation))
        {
            Damage ??= _isInArray ? "the JSON array is not closed" : null;
            return null;
        }

        var line = LineBreaks + 1;
        var scan = new ValueScan();
        ReadOnlyMemory<byte>? overlong = null;
        var scanned = 0;
        while (true)
        {
            var end = scan.EndOf(Pending.Span[scanned..], out var lineBreaks);
            LineBreaks += lineBreaks;
            scanned = end < 0 ? Pending.Length : scanned + end;
            if (end >= 0)
            {
                var bytes = Pending[..scanned];
                Advance(scanned);
                var isOverlong = overlong is not null || bytes.Length > BytesMax;
                return new SourceRecord(line, isOverlong ? overlong ?? HeadOf(bytes) : bytes, isOverlong);
            }

            if (overlong is not null || scanned > BytesMax)
            {
                overlong ??= HeadOf(Pending);
                Advance(scanned);
                scanned = 0;
            }

            if (!await FillAsync(cancellation))
            {
                return AtEnd(line, overlong);
            }
        }
    }

    private SourceRecord? AtEnd(long line, ReadOnlyMemory<byte>? overlong)
    {
        if (overlong is { } head)
        {
            return new SourceRecord(line, head, true);
        }

        if (Damage is not null || _isInArray)
        {
            Damage ??= "the JSON array is not closed";
            return null;
        }

        var rest = Pending;
        Advance(rest.Length);
        return new SourceRecord(line, rest, false);
    }

    private async ValueTask<bool> SkipToValueAsync(CancellationToken cancellation)
    {
        while (true)
        {
            while (Pending.Length > 0)
            {
                var first = Pending.Span[0];
                if (!IsBetween(first))
                {
                    return true;
                }

                LineBreaks += first == '\n' ? 1 : 0;
                Advance(1);
            }

            if (!await FillAsync(cancellation))
            {
                return false;
            }
        }
    }

    private bool IsBetween(byte letter)
    {
        if (letter is (byte)'[' or (byte)']' && _isInArray == (letter == ']'))
        {
            _isInArray = letter == '[';
            return true;
        }

        return letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',';
    }

    /// <summary>How far into a value the scan is, from one chunk to the next.</summary>
    private struct ValueScan
    {
        private int _depth;
        private bool _isInString;
        private bool _isEscaped;
        private bool _hasBegun;

        /// <summary>Where the value ends in the next bytes; -1 where it goes on behind them.</summary>
        public int EndOf(ReadOnlySpan<byte> bytes, out int lineBreaks)
        {
            lineBreaks = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                var letter = bytes[i];
                if (IsOutside && (letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)']' or (byte)'}'))
                {
                    return i;
                }

                lineBreaks += letter == '\n' ? 1 : 0;
                if (Closes(letter))
                {
                    return i + 1;
                }
            }

            return -1;
        }

        private readonly bool IsOutside => _hasBegun && _depth == 0 && !_isInString;

        private bool Closes(byte letter)
        {
            _hasBegun = true;
            if (_isInString)
            {
                _isInString = _isEscaped || letter != '"';
                _isEscaped = !_isEscaped && letter == '\\';
                return !_isInString && _depth == 0;
            }

            _isInString = letter == '"';
            _depth += letter is (byte)'{' or (byte)'[' ? 1 : letter is (byte)'}' or (byte)']' ? -1 : 0;
            return letter is (byte)'}' or (byte)']' && _depth <= 0;
        }
    }
}
