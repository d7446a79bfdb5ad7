using System.Buffers;
using System.Text;
using System.Text.Json;
using AptRl.Model.Ingest;
using Confluent.Kafka;

namespace AptRl.Host.Kafka;

/// <summary>Reads the event of a message: a CloudEvent, structured or binary, or the plain JSON that HTTP takes.</summary>
/// <remarks>
/// Binary, by the Kafka binding of CloudEvents 1.0.2: attributes are headers <c>ce_NAME</c>, the value is the data. It is
/// written as a structured one and read by the same reader, so that both modes are judged by the same rules. A header that
/// comes twice counts once, the last.
/// </remarks>
internal static class KafkaEventReader
{
    private const string Prefix = "ce_";

    /// <summary>The event or its rejection; nothing is thrown whatever the bytes are.</summary>
    public static ParsedEvent Read(KafkaMessage message, DateTimeOffset latest)
    {
        var value = message.Content.Value ?? [];
        var headers = message.Content.Headers;
        return EventJson.Parse(
            headers is not null && headers.TryGetLastBytes("ce_specversion", out _) ? Structured(headers, value) : value,
            message.Offset + 1, latest);
    }

    private static ReadOnlyMemory<byte> Structured(Headers headers, byte[] data)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in headers.Where(header => header.Key.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            attributes[header.Key[Prefix.Length..]] = Encoding.UTF8.GetString(header.GetValueBytes() ?? []);
        }

        var written = new ArrayBufferWriter<byte>(data.Length + 256);
        using var json = new Utf8JsonWriter(written, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        foreach (var (name, value) in attributes)
        {
            json.WriteString(name, value);
        }

        // As it is: the reader finds what is wrong with it, and says so.
        if (data.Length > 0)
        {
            json.WritePropertyName("data");
            json.WriteRawValue(data, skipInputValidation: true);
        }

        json.WriteEndObject();
        json.Flush();
        return written.WrittenMemory;
    }
}
