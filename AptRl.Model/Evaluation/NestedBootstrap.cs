using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>95 % intervals of ratios where users hang together within runs: of simulations with several seeds.</summary>
/// <remarks>
/// Percentile bootstrap in two stages: draw as many runs as there are, with replacement, and within each drawn run as many
/// users as it has (Davison and Hinkley 1997, § 3.8). With one run only users are drawn, and with few runs the interval is
/// narrower than it should be: five runs cannot show how a hundred would scatter.
/// </remarks>
public static class NestedBootstrap
{
    /// <summary>Intervals of many ratios at once: runs and users are drawn once and serve all of them.</summary>
    /// <param name="runs">Of each run what each user adds to each sum.</param>
    /// <param name="ratios">Which sum is divided by which.</param>
    /// <param name="resamples">How many times to resample.</param>
    /// <param name="chance">Draws.</param>
    /// <returns>One interval a ratio; not a number where the denominator is 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 40 resamples, so that 2.5 % is less than one.</exception>
    public static ConfidenceInterval[] OfRatios(
        IReadOnlyList<IReadOnlyList<double[]>> runs, IReadOnlyList<(int Numerator, int Denominator)> ratios, int resamples, Chance chance)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(ratios);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 40);
        var columns = runs[0][0].Length;
        var total = new double[columns];
        foreach (var user in runs.SelectMany(run => run))
        {
            Add(user, total);
        }

        var drawn = new double[ratios.Count][];
        for (var ratio = 0; ratio < drawn.Length; ratio++)
        {
            drawn[ratio] = new double[resamples];
        }

        var sums = new double[columns];
        for (var sample = 0; sample < resamples; sample++)
        {
            Array.Clear(sums);
            for (var draw = 0; draw < runs.Count; draw++)
            {
                var run = runs[chance.Next(runs.Count)];
                for (var user = 0; user < run.Count; user++)
                {
                    Add(run[chance.Next(run.Count)], sums);
                }
            }

            for (var ratio = 0; ratio < drawn.Length; ratio++)
            {
                drawn[ratio][sample] = sums[ratios[ratio].Numerator] / sums[ratios[ratio].Denominator];
            }
        }

        return [.. ratios.Select((ratio, at) => Interval(total[ratio.Numerator] / total[ratio.Denominator], drawn[at]))];
    }

    private static ConfidenceInterval Interval(double mean, double[] drawn)
    {
        double[] sorted = [.. drawn.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? new ConfidenceInterval(mean, double.NaN, double.NaN)
            : new ConfidenceInterval(mean, ClusteredBootstrap.Quantile(sorted, 0.025), ClusteredBootstrap.Quantile(sorted, 0.975));
    }

    private static void Add(double[] user, double[] sums)
    {
        for (var column = 0; column < sums.Length; column++)
        {
            sums[column] += user[column];
        }
    }
}
