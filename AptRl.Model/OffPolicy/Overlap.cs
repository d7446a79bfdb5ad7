namespace AptRl.Model.OffPolicy;

/// <summary>How well a log covers what a target policy would have done.</summary>
/// <param name="Rounds">Rounds or slates.</param>
/// <param name="Clusters">Users or sessions they are of.</param>
/// <param name="Rewarded">Rounds with a reward and a weight: what the estimate is made of.</param>
/// <param name="EffectiveSampleSize">(Σw)² / Σw²: Kish 1965.</param>
/// <param name="WeightMean">Mean of w; its expectation is 1 where the propensities are right and cover the target.</param>
/// <param name="WeightMeanError">Standard error of that mean, by clusters.</param>
/// <param name="WeightMax">Largest w.</param>
/// <param name="WeightMaxShare">Share of all weight that the largest one has.</param>
/// <param name="ZeroShare">Share of rounds with w = 0: the target would never have shown that.</param>
/// <param name="Unsupported">Share of what the target shows that the log never shows.</param>
public sealed record Overlap(
    int Rounds, int Clusters, int Rewarded, double EffectiveSampleSize, double WeightMean, double WeightMeanError, double WeightMax,
    double WeightMaxShare, double ZeroShare, double Unsupported)
{
    /// <summary>Looks at the weights of a log.</summary>
    /// <param name="weights">w of each round.</param>
    /// <param name="rewarded">Whether each round earned something.</param>
    /// <param name="clusters">Whose round each is.</param>
    /// <param name="unsupported">Share of what the target shows that the log never shows.</param>
    public static Overlap Of(ReadOnlySpan<double> weights, ReadOnlySpan<bool> rewarded, ReadOnlySpan<int> clusters, double unsupported)
    {
        var (sum, squares, max, zeros, earning) = (0.0, 0.0, 0.0, 0, 0);
        var byCluster = new Dictionary<int, (double Weight, int Rounds)>();
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            squares += weights[i] * weights[i];
            max = Math.Max(max, weights[i]);
            zeros += weights[i] == 0 ? 1 : 0;
            earning += rewarded[i] && weights[i] > 0 ? 1 : 0;
            var (weight, rounds) = byCluster.GetValueOrDefault(clusters[i]);
            byCluster[clusters[i]] = (weight + weights[i], rounds + 1);
        }

        // Linearised variance of a ratio over clusters: Cochran 1977, § 2.11.
        var (n, mean) = ((double)weights.Length, sum / weights.Length);
        var variance = byCluster.Values.Sum(cluster => Math.Pow(cluster.Weight - mean * cluster.Rounds, 2)) / (n * n);
        return new Overlap(
            weights.Length, byCluster.Count, earning, EffectiveSizeOf(sum, squares), mean, Math.Sqrt(variance), max, sum > 0 ? max / sum : 0, zeros / n, unsupported);
    }

    /// <summary>(Σw)² / Σw²; 0 where there is no weight.</summary>
    public static double EffectiveSizeOf(double sum, double squares) => squares > 0 ? sum * sum / squares : 0;
}
