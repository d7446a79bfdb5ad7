using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AptRl.Model.Ingest;

/// <summary>Where rejected events are kept: one JSON object a line with line, code, reason and text.</summary>
/// <remarks>
/// Its length is known at every moment, so that a run records <see cref="Position"/> after <see cref="Flush"/> together
/// with how far it has read, and a restarted run cuts the file back to it: no rejection is lost or written twice.
/// Not for use by several threads at once.
/// </remarks>
public sealed class RejectFile : IDisposable
{
    // The file is read by people and never put into HTML: quotes and letters stay as they are.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    private RejectFile(FileStream file)
    {
        _file = file;
        _json = new Utf8JsonWriter(_line, Readable);
    }

    /// <summary>Bytes of the file with everything written so far; they survive a crash after <see cref="Flush"/>.</summary>
    public long Position => _file.Position;

    /// <summary>Opens or creates the file and keeps its first bytes.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <param name="keepBytes">The recorded <see cref="Position"/>, or 0 to begin anew.</param>
    /// <exception cref="IngestException">The file is shorter than that.</exception>
    public static RejectFile Open(string path, long keepBytes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfNegative(keepBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (file.Length < keepBytes)
        {
            var length = file.Length;
            file.Dispose();
            throw new IngestException(
                IngestFault.RejectFileTooShort, $"{path} has {length} bytes, the run recorded {keepBytes}: put the file back, or begin the run anew");
        }

        file.SetLength(keepBytes);
        file.Position = keepBytes;
        return new RejectFile(file);
    }

    /// <summary>Appends one rejection.</summary>
    public void Write(Rejected rejected)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("line"u8, rejected.Line);
        _json.WriteString("code"u8, rejected.Code);
        _json.WriteString("reason"u8, rejected.Reason);
        _json.WriteString("text"u8, rejected.Text);
        _json.WriteEndObject();
        _json.Flush();
        _file.Write(_line.WrittenSpan);
        _file.WriteByte((byte)'\n');
    }

    /// <summary>Returns when everything written is on the disk.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
