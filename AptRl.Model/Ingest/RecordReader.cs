using ICSharpCode.SharpZipLib;

namespace AptRl.Model.Ingest;

/// <summary>One line or JSON value of a file.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Bytes">Its bytes, until the next is asked for; of an overlong one the beginning.</param>
/// <param name="IsOverlong">Whether it was longer than the bound.</param>
internal readonly record struct SourceRecord(long Line, ReadOnlyMemory<byte> Bytes, bool IsOverlong);

/// <summary>Cuts a stream into records in bounded memory. What is longer than the bound is skipped, not kept.</summary>
internal abstract class RecordReader(Stream stream, int bytesMax)
{
    private const int ChunkBytes = 64 * 1024;
    private const int HeadBytes = 4 * Rejected.TextMax;

    private byte[] _buffer = new byte[ChunkBytes];
    private bool _isFirst = true;
    private bool _isAtEnd;

    /// <summary>Why the stream ended too early; null where it did not.</summary>
    public string? Damage { get; protected set; }

    /// <summary>Line breaks passed so far.</summary>
    public long LineBreaks { get; protected set; }

    /// <summary>What was read and belongs to no record yet.</summary>
    public ReadOnlyMemory<byte> Pending => _buffer.AsMemory(Start, End - Start);

    protected int BytesMax => bytesMax;

    protected int Start { get; private set; }

    protected int End { get; private set; }

    /// <summary>The next record; null at the end, which may be a damaged one.</summary>
    public abstract ValueTask<SourceRecord?> NextAsync(CancellationToken cancellation);

    protected void Advance(int count) => Start += count;

    protected static ReadOnlyMemory<byte> HeadOf(ReadOnlyMemory<byte> bytes) => bytes[..Math.Min(bytes.Length, HeadBytes)].ToArray();

    /// <summary>Reads more behind what is pending; false at the end.</summary>
    protected async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_isAtEnd)
        {
            return false;
        }

        MakeRoom();
        var count = await ReadAsync(cancellation);
        _isAtEnd = count == 0;
        End += count;
        if (_isFirst && End >= 3)
        {
            _isFirst = false;
            Start = _buffer.AsSpan(0, 3).SequenceEqual("\uFEFF"u8) ? 3 : 0;
        }

        return count > 0;
    }

    private void MakeRoom()
    {
        if (Start > 0)
        {
            _buffer.AsSpan(Start, End - Start).CopyTo(_buffer);
            (Start, End) = (0, End - Start);
        }

        if (End == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(2 * _buffer.Length, Math.Max(bytesMax, ChunkBytes) + ChunkBytes));
        }
    }

    private async ValueTask<int> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(_buffer.AsMemory(End), cancellation);
        }
        catch (Exception damage) when (damage is SharpZipBaseException or EndOfStreamException)
        {
            Damage = damage.Message;
            return 0;
        }
    }
}
