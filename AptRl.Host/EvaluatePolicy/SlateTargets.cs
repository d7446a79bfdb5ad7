using System.Globalization;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.Policies;

namespace AptRl.Host.EvaluatePolicy;

/// <summary>The target policies that a decision log can be asked about, by name.</summary>
internal static class SlateTargets
{
    public const string Known = "uniform, greedy, popular, logged, gamma=NUMBER or gamma*FACTOR";

    /// <summary>The policy of that name; null where there is none.</summary>
    public static ISlatePolicy? Find(string name)
        => name switch
        {
            ScenarioOptions.Uniform => InverseGapSlates.Uniform,
            "greedy" => BestFirstSlates.Greedy,
            ScenarioOptions.MostPopular => BestFirstSlates.Popular,
            "logged" => InverseGapSlates.Logging,
            _ when Exploration(name, "gamma=") is { } gamma => new InverseGapSlates(name, _ => gamma),
            _ when Exploration(name, "gamma*") is { } factor => new InverseGapSlates(name, slate => factor * slate.Gamma),
            _ => null,
        };

    private static double? Exploration(string name, string prefix)
        => name.StartsWith(prefix, StringComparison.Ordinal)
            && double.TryParse(name.AsSpan(prefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < double.PositiveInfinity
                ? number : null;
}
