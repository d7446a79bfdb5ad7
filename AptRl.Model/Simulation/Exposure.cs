namespace AptRl.Model.Simulation;

/// <summary>How a policy spread what it showed over the catalogue: how many items had a chance, and how unequal it was.</summary>
/// <param name="Coverage">Share of the catalogue that was shown at all.</param>
/// <param name="Gini">Gini coefficient of how often items were shown: 0 where all alike, near 1 where one item has all.</param>
/// <param name="PopularityBias">Mean popularity of what was shown as a share of all, over that of the catalogue: 1 where popularity counts nothing.</param>
/// <param name="SameCategory">Share of the pairs of items of a slate that are of one category.</param>
public sealed record Exposure(double Coverage, double Gini, double PopularityBias, double SameCategory)
{
    /// <summary>How much narrower shoppers are served than their own taste is: 1 as broad, above it narrower. 1 where that was not measured.</summary>
    public double Narrowness { get; init; } = 1;

    /// <summary>Of counts.</summary>
    /// <remarks>
    /// Gini = Σ (2k - N - 1)·nₖ / (N·Σ n) over counts n₁ ≤ … ≤ n_N (Gini 1912, in the form of Brown 1994). The bias is the
    /// mean of log popularity by exposure less its mean over the catalogue, exponentiated: a ratio of geometric means, so that a few
    /// very popular items do not decide it alone.
    /// </remarks>
    /// <param name="shown">How often each item was shown.</param>
    /// <param name="popularity">How often each is come across without us, positive.</param>
    /// <param name="sameCategory">As it comes.</param>
    public static Exposure Of(IReadOnlyList<long> shown, IReadOnlyList<double> popularity, double sameCategory)
    {
        var total = (double)shown.Sum();
        if (total == 0)
        {
            return new Exposure(0, 0, 1, sameCategory);
        }

        var sum = 0.0;
        foreach (var (count, index) in shown.Order().Select((count, index) => (count, index)))
        {
            sum += (2.0 * (index + 1) - shown.Count - 1) * count;
        }

        var logs = popularity.Select(weight => Math.Log(weight)).ToArray();
        var byExposure = shown.Select((count, item) => count * logs[item]).Sum() / total;
        return new Exposure(
            shown.Count(count => count > 0) / (double)shown.Count, sum / (shown.Count * total), Math.Exp(byExposure - logs.Average()), sameCategory);
    }
}
