using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>How much better one recommender is than another on the same questions.</summary>
/// <param name="Difference">Its mean minus the other's, with a 95 % interval by bootstrap over clusters.</param>
/// <param name="Relative">The difference as a share of the other's mean (0.12 is 12 % better), with its interval; not a number where the other's mean is 0.</param>
/// <param name="PValue">How often chance alone would make them differ as much, were they equally good.</param>
/// <remarks>
/// p is by a permutation test on clusters: if neither is better, a cluster's difference is as likely to have the other
/// sign; p = (1 + number of sign draws whose |sum| is not below the observed) / (1 + draws) (Phipson and Smyth 2010), so
/// it is never 0. Clusters, not questions, are flipped: the questions of one session hang together.
/// </remarks>
public sealed record PairedDifference(ConfidenceInterval Difference, ConfidenceInterval Relative, double PValue)
{
    /// <summary>Compares.</summary>
    /// <param name="clusters">Per cluster the sum of the metric for either, and how many questions it is over.</param>
    /// <param name="resamples">Bootstrap resamples; ten times as many signs are drawn.</param>
    /// <param name="chance">Draws clusters and signs.</param>
    public static PairedDifference Of(ReadOnlySpan<(double Ours, double Theirs, double Count)> clusters, int resamples, Chance chance)
    {
        const int Columns = 3;
        var sums = new double[clusters.Length * Columns];
        var differences = new double[clusters.Length];
        for (var cluster = 0; cluster < clusters.Length; cluster++)
        {
            var (ours, theirs, count) = clusters[cluster];
            differences[cluster] = ours - theirs;
            (sums[cluster * Columns], sums[cluster * Columns + 1], sums[cluster * Columns + 2]) = (ours - theirs, theirs, count);
        }

        var intervals = ClusteredBootstrap.OfRatios(sums, Columns, [(0, 2), (0, 1)], resamples, chance.Split("bootstrap"));
        return new PairedDifference(intervals[0], intervals[1], SignFlips(differences, 10 * resamples, chance.Split("signs")));
    }

    private static double SignFlips(double[] differences, int draws, Chance chance)
    {
        // A cluster without a difference has no sign to flip.
        double[] moving = [.. differences.Where(difference => difference != 0)];
        var observed = Math.Abs(moving.Sum());

        // Sums of the same numbers in another order differ in the last bits and must still count as equal.
        var bound = observed - 1e-9 * moving.Sum(Math.Abs);
        var asFar = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var (sum, bits) = (0.0, 0UL);
            for (var cluster = 0; cluster < moving.Length; cluster++)
            {
                bits = cluster % 64 == 0 ? chance.NextBits() : bits >> 1;
                sum += (bits & 1) == 0 ? moving[cluster] : -moving[cluster];
            }

            asFar += Math.Abs(sum) >= bound ? 1 : 0;
        }

        return (1.0 + asFar) / (1.0 + draws);
    }
}
