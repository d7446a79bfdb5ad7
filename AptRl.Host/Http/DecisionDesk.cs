using System.Collections.Immutable;
using System.Globalization;
using AptRl.Actors.Hosting;
using AptRl.Host.Configuration;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Host.Http;

/// <summary>Checks a request for a slate, asks for the decision and words the answer: shared by recommend and rank.</summary>
internal sealed class DecisionDesk(
    IPersonalizer personalizer, ServeOptions options, RequestIds requestIds, TimeProvider clock, HostMetrics metrics, ILogger<DecisionDesk> log)
{
    private const int CountDefault = 10;

    private readonly ScenarioId _scenarioDefault = options.ScenarioList()[0].Id;

    public async Task<IResult> DecideAsync(HttpContext http, RankBody body)
    {
        var request = new RecommendRequest(
            new UserId(RequestBody.Id(body.User, "user", body.User is null ? "missing_user" : "bad_id")),
            body.Scenario is null ? _scenarioDefault : new ScenarioId(RequestBody.Id(body.Scenario, "scenario", "bad_id")),
            body.RequestId is null ? requestIds.Next() : RequestBody.Id(body.RequestId, "requestId", "bad_id"),
            TimeOf(body.Time),
            CountOf(body.N),
            Items(body.Candidates, "candidates"),
            Items(body.Exclude, "exclude"),
            body.Category is null ? null : RequestBody.Id(body.Category, "category", "bad_id"));

        var answer = await personalizer.RecommendAsync(request, http.RequestAborted);
        if (answer.Decision is { } decision)
        {
            metrics.Decided(decision);
            log.Decided(decision.Id, decision.User, decision.Scenario, decision.Policy, decision.PolicyVersion);
            return TypedResults.Json(Wire.Recommend(decision, body.Explain), WireJson.Web.RecommendAnswer);
        }

        metrics.Refused(answer.Refusal.ToString());
        log.Refused(request.User, request.Scenario, request.RequestId, answer.Refusal);
        return answer.Refusal switch
        {
            Refusal.UnknownScenario => Problems.Of(404, "unknown_scenario",
                answer.Reason ?? $"there is no scenario '{request.Scenario}': GET /v1/scenarios lists them"),
            Refusal.Busy => Problems.Busy(http, answer.Reason ?? "a bound was met: send the request again"),
            _ => Problems.Of(422, "invalid_request", answer.Reason ?? "the request is out of the scenario's bounds"),
        };
    }

    /// <summary>The time that a caller sent, or now.</summary>
    /// <exception cref="RefusedException">It is further ahead than clocks may differ.</exception>
    public DateTimeOffset TimeOf(DateTimeOffset? sent)
    {
        var now = clock.GetUtcNow();
        return FutureTime.Fault(sent ?? now, now + options.FutureMax) is { } fault
            ? throw new RefusedException(422, RejectCode.TimeInFuture, $"{fault}, or leave time out")
            : sent ?? now;
    }

    private static int CountOf(int? n)
        => n is null ? CountDefault
            : n >= 1 ? n.Value
            : throw new RefusedException(422, "invalid_request", string.Create(CultureInfo.InvariantCulture, $"n {n} is below 1: ask for at least one item"));

    private static ImmutableArray<ItemId> Items(IReadOnlyList<string>? ids, string what)
    {
        if (ids is null or [])
        {
            return [];
        }

        if (ids.Count > RecommendRequest.ItemsMax)
        {
            throw new RefusedException(422, "too_many_items", string.Create(CultureInfo.InvariantCulture,
                $"{ids.Count} {what}, at most {RecommendRequest.ItemsMax} are allowed: narrow the list down, or use a category"));
        }

        var items = ImmutableArray.CreateBuilder<ItemId>(ids.Count);
        foreach (var id in ids)
        {
            items.Add(new ItemId(RequestBody.Id(id, $"an item of {what}", "bad_id")));
        }

        return items.MoveToImmutable();
    }
}
