using System.Buffers;
using System.Text.Json;

namespace AptRl.Host.Bench;

/// <summary>Writes small bodies without reflection.</summary>
internal static class Json
{
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
