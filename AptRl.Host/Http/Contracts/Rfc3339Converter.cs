using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptRl.Host.Http.Contracts;

/// <summary>Times as RFC 3339 with an offset: a time without one would be read in the server's time zone.</summary>
internal sealed class Rfc3339Converter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        var offsetAt = text.AsSpan(Math.Min(10, text.Length)).IndexOfAny("Zz+-");
        return offsetAt >= 0
            && text.AsSpan(10).IndexOfAny("Tt ") == 0
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time.ToUniversalTime()
                : throw new JsonException("this is not an RFC 3339 time: send one with an offset, such as 2026-03-01T12:00:00Z");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[32];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
