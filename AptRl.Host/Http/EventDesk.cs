using System.Globalization;
using AptRl.Actors.Hosting;
using AptRl.Host.Configuration;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Host.Http;

/// <summary>Passes events on and words the answers: shared by the events and the rewards of recommendations.</summary>
internal sealed class EventDesk(IPersonalizer personalizer, ServeOptions options, HostMetrics metrics, RejectLog rejects, ILogger<EventDesk> log)
{
    private const string BusyReason = "the event was not kept, because a bound was met or the journal did not take it: send it again";

    public static RefusedException TooMany(int count, int max, string what)
        => new(StatusCodes.Status413PayloadTooLarge, "batch_too_large", string.Create(CultureInfo.InvariantCulture,
            $"{count} {what} in one request, at most {max} are allowed: send several requests, or raise AptRl:BatchMax"));

    /// <summary>Answers a body's events: one that cannot be kept fails the request, several have a status each.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, IReadOnlyList<ParsedEvent> events)
    {
        if (events is [var only])
        {
            var result = await AnswerAsync(only, http.RequestAborted);
            return result.Status switch
            {
                EventStatus.Rejected => Problems.Of(RejectionStatus(result.Code!), result.Code!, result.Reason!),
                EventStatus.Busy => Problems.Busy(http, BusyReason),
                _ => TypedResults.Json(Sum([result]), WireJson.Web.EventsAnswer),
            };
        }

        return TypedResults.Json(Sum(await AnswerBatchAsync(events, http.RequestAborted)), WireJson.Web.EventsAnswer);
    }

    public async Task<IResult> AnswerOneAsync(HttpContext http, Interaction interaction)
        => await ObserveAsync(null, interaction.Id.Value, interaction, http.RequestAborted) is var result && result.Status == EventStatus.Rejected
            ? Problems.Of(RejectionStatus(result.Code!), result.Code!, result.Reason!)
            : result.Status == EventStatus.Busy ? Problems.Busy(http, BusyReason)
            : TypedResults.Json(result, WireJson.Web.EventResult);

    // What is not JSON, or not UTF-8, was not understood; what breaks a rule was.
    private static int RejectionStatus(string code)
        => code is RejectCode.MalformedJson or RejectCode.BadEncoding ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity;

    private static EventsAnswer Sum(EventResult[] results) => new(
        results.Count(result => result.Status == EventStatus.Accepted),
        results.Count(result => result.Status == EventStatus.Duplicate),
        results.Count(result => result.Status == EventStatus.Late),
        results.Count(result => result.Status == EventStatus.Rejected),
        results.Count(result => result.Status == EventStatus.Busy),
        results);

    /// <remarks>
    /// A user's events are sent one after the other, in the order of the body, since a window judges each by those before
    /// it; users go side by side. After a busy answer the rest of that user's events are still tried: each has its own answer.
    /// </remarks>
    private async Task<EventResult[]> AnswerBatchAsync(IReadOnlyList<ParsedEvent> events, CancellationToken cancellation)
    {
        var results = new EventResult[events.Count];
        var byUser = Enumerable.Range(0, events.Count).GroupBy(index => events[index].Interaction?.User);
        var bound = new ParallelOptions { MaxDegreeOfParallelism = options.BatchConcurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(byUser, bound, async (indices, token) =>
        {
            foreach (var index in indices)
            {
                results[index] = await AnswerAsync(events[index], token);
            }
        });
        return results;
    }

    private async ValueTask<EventResult> AnswerAsync(ParsedEvent parsed, CancellationToken cancellation)
    {
        if (parsed.IsAccepted)
        {
            return await ObserveAsync(parsed.Line, parsed.SentId ?? parsed.Interaction.Id.Value, parsed.Interaction, cancellation);
        }

        metrics.Event(EventStatus.Rejected, parsed.Rejected.Code, 0);
        rejects.Add(parsed.Rejected);

        // An id that was too long to be taken is too long to be sent back.
        var id = parsed.SentId is { Length: <= Identifier.LengthMax } sent ? sent : null;
        return new EventResult(parsed.Line, id, EventStatus.Rejected, Code: parsed.Rejected.Code, Reason: parsed.Rejected.Reason);
    }

    private async Task<EventResult> ObserveAsync(long? line, string id, Interaction interaction, CancellationToken cancellation)
    {
        var observed = await personalizer.ObserveAsync(interaction, cancellation);
        var status = observed.Status switch
        {
            ObserveStatus.Accepted => EventStatus.Accepted,
            ObserveStatus.Duplicate => EventStatus.Duplicate,
            ObserveStatus.Late => EventStatus.Late,
            ObserveStatus.Rejected => EventStatus.Rejected,
            _ => EventStatus.Busy,
        };
        metrics.Event(status, observed.Code, observed.RewardsJoined);
        log.Event(interaction.Id, interaction.User, status, observed.RewardsJoined);
        return new EventResult(line, id, status, observed.RewardsJoined, observed.Code, observed.Reason);
    }
}
