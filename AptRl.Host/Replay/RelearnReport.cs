using System.Text.Json;
using System.Text.Json.Serialization;
using AptRl.Actors.Persistence;

namespace AptRl.Host.Replay;

/// <summary>What a scenario would have learned under another reward table.</summary>
/// <param name="Scenario">Which scenario.</param>
/// <param name="Table">Name and version of the table.</param>
/// <param name="Against">Name and version of the one it is compared with.</param>
/// <param name="Decisions">Decisions learned from.</param>
/// <param name="Rewards">Rewards joined under the table.</param>
/// <param name="RewardsAgainst">Rewards joined under the other.</param>
/// <param name="FirstChanged">Share of the logged slates of which another item would stand first.</param>
/// <param name="ThetaHash">SHA-256 of θ's bits.</param>
/// <param name="ThetaHashAgainst">The same of the other.</param>
/// <param name="Theta">θ under the table.</param>
/// <param name="ThetaAgainst">θ under the other.</param>
internal sealed record RelearnedScenario(
    string Scenario, string Table, string Against, long Decisions, long Rewards, long RewardsAgainst, double FirstChanged,
    string ThetaHash, string ThetaHashAgainst, IReadOnlyList<float> Theta, IReadOnlyList<float> ThetaAgainst)
{
    public static RelearnedScenario Of(Relearned relearned, Relearned against)
    {
        var changed = relearned.First.Zip(against.First).Count(pair => pair.Item1 != pair.Item2);
        return new RelearnedScenario(
            relearned.Scenario.Value, $"{relearned.Rewards.Name} {relearned.Rewards.Version}", $"{against.Rewards.Name} {against.Rewards.Version}",
            relearned.Decisions, relearned.RewardCount, against.RewardCount,
            relearned.First.IsEmpty ? 0 : Math.Round((double)changed / relearned.First.Length, 6),
            relearned.Hash, against.Hash, relearned.Parameters, against.Parameters);
    }
}

/// <summary>What <c>aptrl replay --rewards</c> found. The names are a contract with other programs.</summary>
internal sealed record RelearnReport(double Seconds, IReadOnlyList<RelearnedScenario> Scenarios)
{
    public string ToJson() => JsonSerializer.Serialize(this, RelearnJson.Default.RelearnReport);
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RelearnReport))]
internal sealed partial class RelearnJson : JsonSerializerContext;
