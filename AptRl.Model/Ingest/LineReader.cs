namespace AptRl.Model.Ingest;

/// <summary>Cuts a stream at line breaks.</summary>
internal sealed class LineReader(Stream stream, int bytesMax) : RecordReader(stream, bytesMax)
{
    public override async ValueTask<SourceRecord?> NextAsync(CancellationToken cancellation)
    {
        var scanned = 0;
        while (true)
        {
            var found = Pending.Span[scanned..].IndexOf((byte)'\n');
            if (found >= 0)
            {
                return Take(scanned + found, lineBreak: 1);
            }

            scanned = Pending.Length;
            if (scanned > BytesMax)
            {
                return await SkipAsync(cancellation);
            }

            if (!await FillAsync(cancellation))
            {
                // Before a damaged end stands half a line: to read it would be to read something else than was written.
                return Pending.Length == 0 || Damage is not null ? null : Take(Pending.Length, lineBreak: 0);
            }
        }
    }

    private SourceRecord Take(int length, int lineBreak)
    {
        var bytes = Pending[..length];
        var line = LineBreaks + 1;
        LineBreaks += lineBreak;
        Advance(length + lineBreak);
        return length > BytesMax ? new SourceRecord(line, HeadOf(bytes), true)
            : new SourceRecord(line, bytes.Span is [.., (byte)'\r'] ? bytes[..^1] : bytes, false);
    }

    private async ValueTask<SourceRecord?> SkipAsync(CancellationToken cancellation)
    {
        var record = new SourceRecord(LineBreaks + 1, HeadOf(Pending), true);
        int found;
        while ((found = Pending.Span.IndexOf((byte)'\n')) < 0)
        {
            Advance(Pending.Length);
            if (!await FillAsync(cancellation))
            {
                return record;
            }
        }

        LineBreaks++;
        Advance(found + 1);
        return record;
    }
}
