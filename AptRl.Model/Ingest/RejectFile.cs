using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AptRl.Model.Ingest;

/// <summary>Where rejected events are kept: one JSON object a line with line, code, reason and text.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
public sealed class RejectFile : IDisposable
{
    // The file is read by people and never put into HTML: quotes and letters stay as they are.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LineFile _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    private RejectFile(LineFile file)
    {
        _file = file;
        _json = new Utf8JsonWriter(_line, Readable);
    }

    /// <inheritdoc cref="LineFile.Position"/>
    public long Position => _file.Position;

    /// <inheritdoc cref="LineFile.Open"/>
    public static RejectFile Open(string path, long keepBytes) => new(LineFile.Open(path, keepBytes));

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
    }

    /// <inheritdoc cref="LineFile.Flush"/>
    public void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
