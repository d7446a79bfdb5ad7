using System.Net.Mime;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace AptRl.Model.Ingest;

/// <summary>The bounds of one body of events.</summary>
public sealed record EventBodyOptions
{
    /// <summary>Events in one body; more are refused as a whole. Default 1,000.</summary>
    public int EventsMax { get; init; } = 1_000;

    /// <summary>An event may be ahead of our clock by this much. Default 5 minutes.</summary>
    public TimeSpan FutureTolerance { get; init; } = FutureTime.Tolerance;
}

/// <summary>Reads events from JSON: CloudEvents 1.0 (structured and batch), plain objects, arrays and NDJSON.</summary>
/// <remarks>
/// <para>Field names: camelCase or snake_case, with the aliases of GA4, Segment and public logs. Nested <c>data</c>,
/// <c>properties</c>, <c>params</c> and <c>ecommerce</c> are read too; what stands further out counts more.</para>
/// <para>Ids may be strings or numbers. A value must be a finite JSON number. Query text is kept to 512 characters.</para>
/// <para>An event without an id gets one derived from its content (XXH128 of user, time, kind, items and query), so that
/// a repeated event is a duplicate. The price: two equal events in the same instant of the source's clock count once;
/// a source whose clock is coarse sends ids. A CloudEvent's id is its source and id together, as its standard has it.</para>
/// </remarks>
public static class EventJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>Reads one event.</summary>
    /// <param name="utf8">One JSON object, in UTF-8.</param>
    /// <param name="line">Its line or place, from 1, for the answer.</param>
    /// <param name="latest">The latest event time that is allowed: now and the tolerance.</param>
    /// <returns>The event or its rejection; nothing is thrown whatever the bytes are.</returns>
    public static ParsedEvent Parse(ReadOnlyMemory<byte> utf8, long line, DateTimeOffset latest)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            return ParsedEvent.Reject(line, RejectCode.BadEncoding, "the bytes are not UTF-8: convert the source to UTF-8", utf8.Span);
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return Parse(document.RootElement, line, latest);
        }
        catch (JsonException fault)
        {
            return ParsedEvent.Reject(line, RejectCode.MalformedJson, $"not a JSON object: {fault.Message}", utf8.Span);
        }
    }

    /// <summary>Reads a whole body by its content type.</summary>
    /// <param name="body">The body, in UTF-8; its length is the caller's to bound.</param>
    /// <param name="contentType">
    /// The Content-Type header: <c>application/json</c> (an object, an array, or an object with an array <c>events</c> or
    /// <c>batch</c>), <c>application/cloudevents+json</c>, <c>application/cloudevents-batch+json</c>,
    /// <c>application/x-ndjson</c> or <c>application/jsonl</c>. None is taken as JSON.
    /// </param>
    /// <param name="options">Bounds.</param>
    /// <param name="clock">Tells what lies in the future.</param>
    /// <returns>One answer for each event, in the body's order.</returns>
    /// <exception cref="IngestException">The body as a whole cannot be read: see <see cref="IngestFault"/>.</exception>
    public static IReadOnlyList<ParsedEvent> ParseBody(ReadOnlyMemory<byte> body, string? contentType, EventBodyOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        var latest = clock.GetUtcNow() + options.FutureTolerance;
        var mediaType = MediaTypeOf(contentType);
        if (body.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw new IngestException(IngestFault.EmptyBody, "the body is empty: send at least one event");
        }

        return mediaType switch
        {
            "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" => ParseLines(body, options.EventsMax, latest),
            "application/json" or "application/cloudevents+json" or "application/cloudevents-batch+json" => ParseDocument(body, options.EventsMax, latest),
            _ => throw new IngestException(
                IngestFault.UnsupportedContentType,
                $"content type \"{Rejected.Cut(mediaType, 100)}\" is not supported: send application/json, application/x-ndjson, application/cloudevents+json or application/cloudevents-batch+json"),
        };
    }

    private static string MediaTypeOf(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return MediaTypeNames.Application.Json;
        }

        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }

    private static List<ParsedEvent> ParseLines(ReadOnlyMemory<byte> body, int eventsMax, DateTimeOffset latest)
    {
        var events = new List<ParsedEvent>();
        var line = 0L;
        while (body.Length > 0)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var one = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            line++;
            if (one.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                events.Add(events.Count < eventsMax ? Parse(one, line, latest) : throw TooMany(eventsMax));
            }
        }

        return events;
    }

    private static ParsedEvent[] ParseDocument(ReadOnlyMemory<byte> body, int eventsMax, DateTimeOffset latest)
    {
        using var document = Open(body);
        var root = document.RootElement;
        var array = root.ValueKind is JsonValueKind.Array ? root
            : root.ValueKind is JsonValueKind.Object && root.TryGetProperty("events", out var events) && events.ValueKind is JsonValueKind.Array ? events
            : root.ValueKind is JsonValueKind.Object && root.TryGetProperty("batch", out var batch) && batch.ValueKind is JsonValueKind.Array ? batch
            : default;
        if (array.ValueKind is JsonValueKind.Undefined)
        {
            return [Parse(root, 1, latest)];
        }

        return array.GetArrayLength() <= eventsMax
            ? [.. array.EnumerateArray().Select((element, index) => Parse(element, index + 1, latest))]
            : throw TooMany(eventsMax);
    }

    private static JsonDocument Open(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw new IngestException(IngestFault.MalformedJson, "the body is not UTF-8: send UTF-8");
        }

        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException fault)
        {
            throw new IngestException(IngestFault.MalformedJson, $"the body is not JSON: {fault.Message}", fault);
        }
    }

    private static ParsedEvent Parse(JsonElement element, long line, DateTimeOffset latest)
    {
        RawEvent raw;
        try
        {
            raw = JsonEventReader.Read(element);
        }
        catch (InvalidOperationException fault)
        {
            // System.Text.Json finds half a surrogate pair, as in "\ud800", only when the text is asked for.
            raw = default;
            raw.Fail(RejectCode.MalformedJson, $"a text is not Unicode: {fault.Message}");
        }

        return EventJudge.Judge(ref raw, line, JsonMarshal.GetRawUtf8Value(element), latest);
    }

    private static IngestException TooMany(int eventsMax)
        => new(IngestFault.BatchTooLarge, $"the body holds more than {eventsMax} events: send several bodies");
}
