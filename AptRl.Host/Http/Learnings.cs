using AptRl.Actors.Telemetry;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Learning;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;

namespace AptRl.Host.Http;

/// <summary>How the policies do, as figures once or every second.</summary>
internal static class Learnings
{
    public static void MapLearnings(this WebApplication app)
    {
        app.MapGet("/v1/learning", (string? scenario, ScenarioNames scenarios, LearningTally tally, PipelineMonitor monitor)
                => TypedResults.Json(AnswerOf(scenarios.Find(scenario), tally, monitor), WireJson.Web.LearningAnswer))
            .WithName("learning").WithSummary("What each policy has earned since the start; ?scenario=.")
            .Produces<LearningAnswer>().Refuses(401, 403, 404, 422, 429);
        app.MapGet("/v1/learning/stream", (string? scenario, ScenarioNames scenarios, LearningTally tally, PipelineMonitor monitor, IHostApplicationLifetime lifetime) =>
            {
                var place = scenarios.Find(scenario);
                return SecondStream.Of("learning", () => AnswerOf(place, tally, monitor), WireJson.Web.LearningAnswer, lifetime);
            })
            .WithName("learningStream").WithSummary("The same every second, as server-sent events.")
            .Produces<LearningAnswer>(200, "text/event-stream").Refuses(401, 403, 404, 422, 429)
            .RequireRateLimiting(Limits.Streams);
    }

    private static LearningAnswer AnswerOf(ScenarioId scenario, LearningTally tally, PipelineMonitor monitor) => new(
        monitor.RateOf(Stage.Recommend), monitor.RateOf(Stage.Observe), monitor.RateOf(Stage.Learn), monitor.RateOf(Stage.Publish),
        tally.TryReport(scenario, out var report) ? report : null);
}
