using System.Buffers;
using AptRl.Host.Access;
using AptRl.Host.Configuration;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Telemetry;
using AptRl.Model.Ingest;

namespace AptRl.Host.Http;

/// <summary>The way in for what shoppers do.</summary>
internal static class Events
{
    public static void MapEvents(this WebApplication app)
        => app.MapPost("/v1/events", AddAsync).WithName("addEvents")
            .WithSummary("One event, an array, NDJSON or CloudEvents; each event has its own answer.")
            .Accepts<EventBody>("application/json", "application/x-ndjson", "application/cloudevents+json", "application/cloudevents-batch+json")
            .Produces<EventsAnswer>().Refuses(400, 401, 403, 413, 415, 422, 429, 503)
            .Needs(Scopes.Ingest);

    private static async Task<IResult> AddAsync(HttpContext http, EventDesk desk, ServeOptions options, RejectLog rejects, TimeProvider clock)
    {
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(http.Request.ContentLength ?? 0, 1_024, options.BodyBytesMax));
        await CopyAsync(http.Request.Body, body, http.RequestAborted);
        try
        {
            var bounds = new EventBodyOptions { EventsMax = options.BatchMax, FutureTolerance = options.FutureMax };
            return await desk.AnswerAsync(http, EventJson.ParseBody(body.WrittenMemory, http.Request.ContentType, bounds, clock));
        }
        catch (IngestException fault)
        {
            rejects.Add(fault.Code, fault.Message, line: null, text: null);
            return Problems.Of(StatusOf(fault.Code), fault.Code, fault.Message);
        }
    }

    // The body's length is bounded by Kestrel, and after decompression by the decompression.
    private static async Task CopyAsync(Stream from, ArrayBufferWriter<byte> to, CancellationToken cancellation)
    {
        while (await from.ReadAsync(to.GetMemory(4_096), cancellation) is > 0 and var read)
        {
            to.Advance(read);
        }
    }

    private static int StatusOf(string fault) => fault switch
    {
        IngestFault.BatchTooLarge => StatusCodes.Status413PayloadTooLarge,
        IngestFault.UnsupportedContentType => StatusCodes.Status415UnsupportedMediaType,
        _ => StatusCodes.Status400BadRequest,
    };
}
