using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Akka.Actor;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Host.Configuration;
using AptRl.Host.Http.Contracts;
using AptRl.Model.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AptRl.Host.Http;

/// <summary>Decisions as they are made, as server-sent events.</summary>
/// <remarks>
/// Events: <c>open</c> once, at the start; <c>decision</c> with an audit's members but the explanation; <c>idle</c> after 15 s without one, so
/// that both ends notice a connection that is gone. A reader that lags by more than the buffer misses the oldest.
/// </remarks>
internal static class DecisionStream
{
    public const string Route = "/v1/stream";

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(15);

    public static void MapDecisionStream(this WebApplication app)
        => app.MapGet(Route, Open).WithName("stream").WithSummary("Decisions as they are made; ?scenario= keeps one scenario's.")
            .Produces<RecommendationAudit>(200, "text/event-stream").Refuses(401, 403, 422, 429)
            .RequireRateLimiting(Limits.Streams);

    private static ServerSentEventsResult<string> Open(
        string? scenario, IPersonalizer personalizer, ActorSystem system, ServeOptions options, IHostApplicationLifetime lifetime)
    {
        ScenarioId? only = scenario is null ? null : new ScenarioId(RequestBody.Id(scenario, "scenario", "bad_id"));
        return TypedResults.ServerSentEvents(ReadAsync(only, personalizer, system, options, lifetime.ApplicationStopping));
    }

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        ScenarioId? only, IPersonalizer personalizer, ActorSystem system, ServeOptions options, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken aborted = default)
    {
        // A stream never ends by itself: without the first token it would hold up the shutdown until the host gives up.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        if (ended.IsCancellationRequested)
        {
            yield break;
        }

        var decisions = personalizer.Decisions(options.StreamBuffer)
            .Where(decision => only is null || decision.Scenario == only)
            .Select(decision => new SseItem<string>(
                JsonSerializer.Serialize(Wire.Audit(decision, rewards: null, explain: false), WireJson.Web.RecommendationAudit), "decision") { EventId = decision.Id.Value })
            .KeepAlive(IdleAfter, () => new SseItem<string>("{}", "idle"));

        await using var reader = decisions.RunAsAsyncEnumerable(system).GetAsyncEnumerator(ended.Token);

        // Started before the reader is told that the stream is open: whatever is decided from here on is in it.
        var next = reader.MoveNextAsync();
        yield return new SseItem<string>("{}", "open");
        while (await MovedAsync(next, ended.Token))
        {
            yield return reader.Current;
            next = reader.MoveNextAsync();
        }
    }

    private static async ValueTask<bool> MovedAsync(ValueTask<bool> next, CancellationToken ended)
    {
        try
        {
            return await next;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }
    }
}
