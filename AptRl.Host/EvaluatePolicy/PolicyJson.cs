using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Model.Evaluation;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.Synthetic;

namespace AptRl.Host.EvaluatePolicy;

/// <summary>What <c>aptrl evaluate-policy</c> writes for machines.</summary>
internal static class PolicyJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, JsonNode node)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, node.ToJsonString(Readable));
    }

    public static JsonObject Of(PolicyEvaluation evaluation) => new()
    {
        ["target"] = evaluation.Target,
        ["estimators"] = new JsonArray([.. evaluation.Estimates.Select(estimate => new JsonObject
        {
            ["name"] = estimate.Name, ["value"] = Number(estimate.Value), ["low"] = Number(estimate.Low), ["high"] = Number(estimate.High),
            ["ess"] = Number(estimate.EffectiveSampleSize),
        })]),
        ["logged"] = Of(evaluation.Logged),
        ["judgedBy"] = evaluation.JudgedBy,
        ["gain"] = Of(evaluation.Gain),
        ["verdict"] = NameOf(evaluation.Verdict.Kind),
        ["reasons"] = new JsonArray([.. evaluation.Verdict.Reasons.Select(reason => (JsonNode)reason)]),
        ["diagnosis"] = Of(evaluation.Overlap),
    };

    public static JsonObject Of(ConfidenceInterval interval) => new()
    {
        ["mean"] = Number(interval.Mean), ["low"] = Number(interval.Low), ["high"] = Number(interval.High),
    };

    public static JsonObject Of(IReadOnlyList<RelativeError> errors) => new()
    {
        ["study"] = "obp",
        ["estimators"] = new JsonArray([.. errors.Select(error => new JsonObject
        {
            ["name"] = error.Name, ["relativeError"] = Number(error.Mean), ["standardError"] = Number(error.Error),
            ["published"] = error.Published, ["publishedStandardError"] = error.PublishedError, ["distance"] = error.Distance is { } distance ? Number(distance) : null,
        })]),
    };

    public static JsonObject Of(IReadOnlyList<Coverage> coverages) => new()
    {
        ["study"] = "coverage",
        ["estimators"] = new JsonArray([.. coverages.Select(coverage => new JsonObject
        {
            ["world"] = coverage.World, ["name"] = coverage.Name, ["truth"] = Number(coverage.Truth), ["bias"] = Number(coverage.Bias),
            ["biasStandardError"] = Number(coverage.BiasError), ["rootMeanSquareError"] = Number(coverage.RootMeanSquare),
            ["coverage"] = Of(coverage.Covered), ["width"] = Number(coverage.Width),
        })]),
    };

    public static string NameOf(VerdictKind kind) => kind.ToString().ToLowerInvariant();

    // JSON has no word for what is not a number.
    private static JsonNode? Number(double number) => double.IsFinite(number) ? number : null;

    private static JsonObject Of(Overlap overlap) => new()
    {
        ["rounds"] = overlap.Rounds,
        ["clusters"] = overlap.Clusters,
        ["rewarded"] = overlap.Rewarded,
        ["effectiveSampleSize"] = Number(overlap.EffectiveSampleSize),
        ["weightMean"] = Number(overlap.WeightMean),
        ["weightMeanError"] = Number(overlap.WeightMeanError),
        ["weightMax"] = Number(overlap.WeightMax),
        ["weightMaxShare"] = Number(overlap.WeightMaxShare),
        ["zeroShare"] = Number(overlap.ZeroShare),
        ["unsupported"] = Number(overlap.Unsupported),
    };
}
