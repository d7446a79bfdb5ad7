using System.Globalization;
using AptRl.Host.EvaluatePolicy;
using AptRl.Host.Http.Contracts;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy;

namespace AptRl.Host.Http;

/// <summary>What a policy would have earned, from the decisions that this node has journalled.</summary>
internal static class Evaluations
{
    private const int PositionsDefault = 3;

    public static void MapEvaluations(this WebApplication app)
        => app.MapGet("/v1/evaluations", EvaluateAsync).WithName("evaluations")
            .WithSummary("What a policy would have earned: ?target=greedy, uniform, popular, gamma=.. or gamma*..; ?scenario=, ?reward=click, ?positions=3.")
            .Produces<EvaluationAnswer>().Refuses(401, 403, 404, 422, 429, 503);

    private static async Task<IResult> EvaluateAsync(
        HttpContext http, EvaluationDesk desk, string? target, string? scenario, string? reward, string? positions)
    {
        var place = new ScenarioId(RequestBody.Id(scenario ?? "home", "scenario", "bad_id"));
        var policy = SlateTargets.Find(target ?? "greedy")
            ?? throw Refused("unknown_target", $"target '{target}' is not a policy that the log knows: name {SlateTargets.Known}");
        var type = reward is null ? RewardType.Click
            : Enum.TryParse<RewardType>(reward, ignoreCase: true, out var named) && Enum.IsDefined(named) && !char.IsDigit(reward[0]) && named is not RewardType.Next ? named
            : throw Refused("unknown_reward", $"reward '{reward}' is not one of {string.Join(", ", Enum.GetNames<RewardType>().Take(RewardTable.Weighted).Select(name => name.ToLowerInvariant()))}");
        var count = positions is null ? PositionsDefault
            : int.TryParse(positions, NumberStyles.None, CultureInfo.InvariantCulture, out var told) && told is >= 1 and <= EvaluationDesk.PositionsMax ? told
            : throw Refused("bad_positions", $"positions '{positions}' is not in 1 to {EvaluationDesk.PositionsMax}: weights multiply with each");
        return await desk.EvaluateAsync(policy, place, type, count, http.RequestAborted) is { } evaluation
            ? TypedResults.Json(Answer(evaluation, place, type, count), WireJson.Web.EvaluationAnswer)
            : Problems.Busy(http, "another evaluation is under way, and one is done at a time: ask again, or run aptrl evaluate-policy on a copy of the data folder");
    }

    private static EvaluationAnswer Answer(PolicyEvaluation evaluation, ScenarioId scenario, RewardType type, int positions)
        => new(
            evaluation.Target, scenario.Value, type.ToString().ToLowerInvariant(), positions,
            [.. evaluation.Estimates.Select(estimate => new EstimateBody(
                estimate.Name, Number(estimate.Value), Number(estimate.Low), Number(estimate.High), Number(estimate.EffectiveSampleSize)))],
            Interval(evaluation.Logged), evaluation.JudgedBy, Interval(evaluation.Gain), PolicyJson.NameOf(evaluation.Verdict.Kind), evaluation.Verdict.Reasons,
            new DiagnosisBody(
                evaluation.Overlap.Rounds, evaluation.Overlap.Clusters, evaluation.Overlap.Rewarded, Number(evaluation.Overlap.EffectiveSampleSize),
                Number(evaluation.Overlap.WeightMean), Number(evaluation.Overlap.WeightMax), Number(evaluation.Overlap.ZeroShare), Number(evaluation.Overlap.Unsupported)));

    private static IntervalBody Interval(ConfidenceInterval interval) => new(Number(interval.Mean), Number(interval.Low), Number(interval.High));

    private static double? Number(double number) => double.IsFinite(number) ? number : null;

    private static RefusedException Refused(string code, string detail) => new(StatusCodes.Status422UnprocessableEntity, code, detail);
}
