using System.Globalization;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Telemetry;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Telemetry;

namespace AptRl.Host.Http;

/// <summary>The way of events and requests through the server, with rates, times, backlogs and rejects.</summary>
internal static class Pipelines
{
    private const int RejectsShown = 30;

    public static void MapPipelines(this WebApplication app)
    {
        app.MapGet("/v1/pipeline", (PipelineMonitor monitor, RejectLog rejects) => TypedResults.Json(AnswerOf(monitor, rejects), WireJson.Web.PipelineAnswer))
            .WithName("pipeline").WithSummary("Rates and times of each stage in the last minute, backlogs, and the newest rejects.")
            .Produces<PipelineAnswer>().Refuses(401, 403, 429);
        app.MapGet("/v1/pipeline/stream", (PipelineMonitor monitor, RejectLog rejects, IHostApplicationLifetime lifetime)
                => SecondStream.Of("pipeline", () => AnswerOf(monitor, rejects), WireJson.Web.PipelineAnswer, lifetime))
            .WithName("pipelineStream").WithSummary("The same every second, as server-sent events.")
            .Produces<PipelineAnswer>(200, "text/event-stream").Refuses(401, 403, 429)
            .RequireRateLimiting(Limits.Streams);
    }

    private static PipelineAnswer AnswerOf(PipelineMonitor monitor, RejectLog rejects)
    {
        var reading = monitor.Read();
        var (counts, newest) = rejects.Read(RejectsShown);
        return new PipelineAnswer(
            [.. reading.Totals.Select(pair => StageOf(pair.Key, pair.Value, reading.Seconds))],
            [.. Enum.GetValues<Backlog>().Select(backlog => new BacklogBody(
                NameOf(backlog), Meters.Waiting(backlog), BoundOf(backlog), [.. reading.Seconds.Select(second => second.Backlogs[(int)backlog])]))],
            [.. reading.Refused.Select(pair => new CountBody(pair.Key, pair.Value))],
            reading.Missed,
            [.. counts.Select(pair => new CountBody(pair.Key, pair.Value))],
            [.. newest.Select(reject => new RejectBody(reject.At, reject.Code, reject.Reason, reject.Line, reject.Text))]);
    }

    private static StageBody StageOf(Stage stage, long total, IReadOnlyList<PipelineSecond> seconds)
    {
        var taken = seconds.LastOrDefault(second => second.Stages[(int)stage].Count > 0)?.Stages[(int)stage];
        return new StageBody(
            NameOf(stage), WhatItDoes(stage), total, seconds.Count == 0 ? 0 : seconds[^1].Stages[(int)stage].Count, taken?.Median, taken?.P99, taken?.Max,
            [.. seconds.Select(second => second.Stages[(int)stage].Count)]);
    }

    private static string WhatItDoes(Stage stage) => stage switch
    {
        Stage.Observe => "event at its user → durable and answered",
        Stage.Encode => "window at the encoder → state",
        Stage.Decide => "candidates, filters, scores, draw",
        Stage.Journal => "decision → durable",
        Stage.Recommend => "request at its user → durable decision",
        Stage.Learn => "lesson at the learner → durable",
        _ => "policy solved and in force",
    };

    private static int BoundOf(Backlog backlog) => backlog is Backlog.Encoder ? new EncoderBatching().WaitingMax : new LearnerBatching().WaitingMax;

    private static string NameOf<T>(T name)
        where T : struct, Enum
        => name.ToString().ToLower(CultureInfo.InvariantCulture);
}
