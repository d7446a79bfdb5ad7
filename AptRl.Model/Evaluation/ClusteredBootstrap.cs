using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>What one user contributes to a ratio.</summary>
/// <param name="Hits">Numerator, such as clicked page views.</param>
/// <param name="Trials">Denominator, such as page views.</param>
public readonly record struct Cluster(long Hits, long Trials);

/// <summary>95 % interval of Σ hits / Σ trials where the trials of one user hang together.</summary>
/// <remarks>
/// Percentile bootstrap over whole users: draw as many users as there are, with replacement, take the ratio of the sums,
/// and cut 2.5 % off either end (Efron and Tibshirani 1993, ch. 13; resampling of clusters: Davison and Hinkley 1997,
/// § 3.8). Assumes that users are independent of each other, not that page views are.
/// </remarks>
public static class ClusteredBootstrap
{
    /// <summary>The interval. Where resampling cannot vary (fewer than two users, or none or all of the trials hit) it is Wilson's.</summary>
    /// <param name="clusters">One per user; a user without trials changes nothing.</param>
    /// <param name="resamples">How many times to resample; 1,000 moves a bound by a few per cent of the width from seed to seed.</param>
    /// <param name="chance">Draws the users.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 40 resamples, so that 2.5 % is less than one.</exception>
    public static ConfidenceInterval Of(IReadOnlyList<Cluster> clusters, int resamples, Chance chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 40);
        var users = clusters.Where(cluster => cluster.Trials > 0).ToArray();
        var (hits, trials) = (users.Sum(user => user.Hits), users.Sum(user => user.Trials));
        if (users.Length < 2 || hits <= 0 || hits >= trials)
        {
            return WilsonInterval.Of(Math.Clamp(hits, 0, trials), trials);
        }

        var ratios = new double[resamples];
        for (var sample = 0; sample < resamples; sample++)
        {
            var (drawnHits, drawnTrials) = (0L, 0L);
            for (var draw = 0; draw < users.Length; draw++)
            {
                var user = users[chance.Next(users.Length)];
                drawnHits += user.Hits;
                drawnTrials += user.Trials;
            }

            ratios[sample] = (double)drawnHits / drawnTrials;
        }

        Array.Sort(ratios);
        return new ConfidenceInterval((double)hits / trials, Quantile(ratios, 0.025), Quantile(ratios, 0.975));
    }

    // Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
