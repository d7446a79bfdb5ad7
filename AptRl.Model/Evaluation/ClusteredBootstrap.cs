using System.Numerics.Tensors;
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
        return users.Length < 2 || hits <= 0 || hits >= trials ? WilsonInterval.Of(Math.Clamp(hits, 0, trials), trials)
            : OfRatios([.. users.SelectMany(user => new double[] { user.Hits, user.Trials })], 2, [(0, 1)], resamples, chance)[0];
    }

    /// <summary>Intervals of many ratios at once: users are drawn once and serve all of them.</summary>
    /// <param name="sums">[users, columns], row-major: what each user adds to each sum.</param>
    /// <param name="columns">Sums per user.</param>
    /// <param name="ratios">Which column is divided by which.</param>
    /// <param name="resamples">How many times to resample.</param>
    /// <param name="chance">Draws the users.</param>
    /// <returns>
    /// One interval a ratio; not a number where the denominator is 0. A resample in which a denominator is 0 tells nothing
    /// about that ratio and is left out of it.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 40 resamples, so that 2.5 % is less than one.</exception>
    public static ConfidenceInterval[] OfRatios(
        ReadOnlySpan<double> sums, int columns, ReadOnlySpan<(int Numerator, int Denominator)> ratios, int resamples, Chance chance)
    {
        var statistics = new Func<ReadOnlySpan<double>, double>[ratios.Length];
        for (var ratio = 0; ratio < statistics.Length; ratio++)
        {
            var (numerator, denominator) = ratios[ratio];
            statistics[ratio] = total => total[denominator] == 0 ? double.NaN : total[numerator] / total[denominator];
        }

        return OfStatistics(sums, columns, statistics, resamples, chance);
    }

    /// <summary>Intervals of whatever is made of sums over users: users are drawn once and serve all of them.</summary>
    /// <param name="sums">[users, columns], row-major: what each user adds to each sum.</param>
    /// <param name="columns">Sums per user.</param>
    /// <param name="statistics">Each makes a number of the sums; not a number where they tell nothing.</param>
    /// <param name="resamples">How many times to resample.</param>
    /// <param name="chance">Draws the users.</param>
    /// <returns>One interval a statistic; a resample that tells nothing about it is left out of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 40 resamples, so that 2.5 % is less than one.</exception>
    public static ConfidenceInterval[] OfStatistics(
        ReadOnlySpan<double> sums, int columns, IReadOnlyList<Func<ReadOnlySpan<double>, double>> statistics, int resamples, Chance chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 40);
        var users = sums.Length / columns;
        var total = new double[columns];
        for (var user = 0; user < users; user++)
        {
            TensorPrimitives.Add(total, sums.Slice(user * columns, columns), total);
        }

        var drawn = new double[resamples * columns];
        for (var sample = 0; sample < resamples; sample++)
        {
            var sum = drawn.AsSpan(sample * columns, columns);
            for (var draw = 0; draw < users; draw++)
            {
                TensorPrimitives.Add(sum, sums.Slice(chance.Next(users) * columns, columns), sum);
            }
        }

        var intervals = new ConfidenceInterval[statistics.Count];
        for (var i = 0; i < intervals.Length; i++)
        {
            var statistic = statistics[i];
            double[] sorted = [.. Enumerable.Range(0, resamples).Select(sample => statistic(drawn.AsSpan(sample * columns, columns)))
                .Where(value => !double.IsNaN(value)).Order()];
            intervals[i] = sorted.Length == 0 ? new ConfidenceInterval(double.NaN, double.NaN, double.NaN)
                : new ConfidenceInterval(statistic(total), Quantile(sorted, 0.025), Quantile(sorted, 0.975));
        }

        return intervals;
    }

    // Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
    internal static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
