using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Model.Evaluation;
using AptRl.Model.Simulation;

namespace AptRl.Host.Simulate;

/// <summary>The result of <c>aptrl simulate</c> for machines.</summary>
internal static class SimulationReport
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>The whole report as text.</summary>
    public static string ToJson(SimulationOptions options, IReadOnlyList<PolicySummary> policies)
        => new JsonObject
        {
            ["options"] = new JsonObject
            {
                ["seed"] = options.FirstSeed,
                ["seeds"] = options.Seeds,
                ["decisions"] = options.Run.Decisions,
                ["driftAfter"] = options.Run.DriftAfter,
                ["fashion"] = options.Shop.FashionMoves,
                ["shoppers"] = options.Shop.ShopperCount,
                ["slateLength"] = options.Run.SlateLength,
                ["refitEvery"] = options.RefitEvery,
                ["fit"] = options.FitName,
                ["items"] = options.Fit?.Items.Length ?? options.Shop.ItemCount,
            },
            ["oracleCtr"] = OracleCtr(policies),
            ["policies"] = new JsonArray([.. policies.Select(policy => (JsonNode)Entry(policy))]),
        }.ToJsonString(Readable) + "\n";

    /// <summary>
    /// Click rate of the oracle where it serves itself; where it was not run, its mean over the page views of the others. The two
    /// differ: who shows other slates meets shoppers in other states.
    /// </summary>
    public static double OracleCtr(IReadOnlyList<PolicySummary> policies)
        => policies.FirstOrDefault(policy => policy.Name == "oracle")?.Ctr.Mean ?? policies.Average(policy => policy.OracleCtr);

    private static JsonObject Entry(PolicySummary policy) => new()
    {
        ["name"] = policy.Name,
        ["runs"] = policy.Runs,
        ["ctr"] = Interval(policy.Ctr),
        ["clickRate"] = Interval(policy.ClickRate),
        ["rewardPerSession"] = Interval(policy.RewardPerSession),
        ["clicksPerSession"] = Interval(policy.ClicksPerSession),
        ["moneyPerSession"] = Interval(policy.MoneyPerSession),
        ["regret"] = Interval(policy.Regret),
        ["ofOracle"] = policy.OfOracle.Mean,
        ["ofOracleInterval"] = Interval(policy.OfOracle),
        ["ofOracleBeforeDrift"] = policy.OfOracleBefore,
        ["ofOracleAtEnd"] = policy.OfOracleAtEnd,
        ["recoveryDecisions"] = policy.RecoveryDecisions,
        ["exposure"] = new JsonObject
        {
            ["coverage"] = policy.Exposure.Coverage,
            ["gini"] = policy.Exposure.Gini,
            ["popularityBias"] = policy.Exposure.PopularityBias,
            ["sameCategory"] = policy.Exposure.SameCategory,
            ["narrowness"] = policy.Exposure.Narrowness,
        },
        ["curve"] = new JsonObject
        {
            ["stepDecisions"] = policy.StepLength,
            ["ctr"] = new JsonArray([.. policy.Curve.Select(step => (JsonNode)Math.Round(step.Ctr, 5))]),
            ["oracle"] = new JsonArray([.. policy.Curve.Select(step => (JsonNode)Math.Round(step.Oracle, 5))]),
        },
    };

    private static JsonObject Interval(ConfidenceInterval interval) => new()
    {
        ["mean"] = interval.Mean, ["low"] = interval.Low, ["high"] = interval.High,
    };
}
