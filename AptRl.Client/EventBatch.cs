using System.Net;

namespace AptRl.Client;

/// <summary>Events on their way in one request, and what became of each so far. An attempt sends what is not settled yet.</summary>
internal sealed class EventBatch
{
    private readonly IReadOnlyList<ShopEvent> _events;
    private readonly EventResult?[] _results;

    public EventBatch(IReadOnlyList<ShopEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfZero(events.Count);
        (_events, _results) = (events, new EventResult?[events.Count]);
    }

    /// <summary>Whether the server has said something of every event, be it that it was busy.</summary>
    public bool IsAnswered => Array.TrueForAll(_results, result => result is not null);

    /// <summary>In the order of the events.</summary>
    public IReadOnlyList<EventResult> Results => _results!;

    /// <summary>One attempt.</summary>
    /// <exception cref="AptRlException">The request failed, or some events were busy.</exception>
    public async Task SendAsync(AptRlClient client, CancellationToken cancellation)
    {
        int[] open = [.. Enumerable.Range(0, _events.Count).Where(at => _results[at] is null or { Status: EventResult.Busy })];
        if (open.Length == 0)
        {
            return;
        }

        var answered = await AskAsync(client, [.. open.Select(at => _events[at])], cancellation);
        for (var i = 0; i < open.Length; i++)
        {
            _results[open[i]] = answered[i];
        }

        if (answered.Any(result => result.Status == EventResult.Busy))
        {
            throw new AptRlException(HttpStatusCode.ServiceUnavailable, "busy", "some of the events were not kept, because a bound was met or the journal did not take them: send them again");
        }
    }

    private static async Task<IReadOnlyList<EventResult>> AskAsync(AptRlClient client, ShopEvent[] events, CancellationToken cancellation)
    {
        try
        {
            var results = (await client.TryAsync(Routes.Events, null, events, cancellation)).Results;
            return results.Count == events.Length ? results
                : throw new AptRlException(HttpStatusCode.OK, "bad_answer", $"{results.Count} events were answered, {events.Length} were sent");
        }
        catch (AptRlException error) when (events is [var only] && error.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
        {
            // One event alone that breaks a rule is a refused request to the server; to the caller it is an event like others.
            return [new EventResult(only.Id, EventResult.Rejected, Code: error.Code, Reason: error.Message)];
        }
    }
}
