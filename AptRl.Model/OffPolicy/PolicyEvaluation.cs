using AptRl.Model.Evaluation;
using AptRl.Model.Events;

namespace AptRl.Model.OffPolicy;

/// <summary>All that a log says about a target policy.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Estimates">One an estimator, in the order asked for.</param>
/// <param name="Logged">Mean reward of a round as it was logged.</param>
/// <param name="Gain">The value by the estimator that the verdict is made by, minus <paramref name="Logged"/>, resampled together.</param>
/// <param name="JudgedBy">Name of that estimator.</param>
/// <param name="Overlap">How well the log covers the target.</param>
/// <param name="Verdict">What may be said.</param>
public sealed record PolicyEvaluation(
    string Target, IReadOnlyList<Estimate> Estimates, ConfidenceInterval Logged, ConfidenceInterval Gain, string JudgedBy, Overlap Overlap, PolicyVerdict Verdict)
{
    /// <summary>Evaluates.</summary>
    /// <typeparam name="T">A weighed round or slate.</typeparam>
    /// <param name="log">The weighed log.</param>
    /// <param name="estimators">What to estimate by.</param>
    /// <param name="judge">Which of them the verdict is made by.</param>
    /// <param name="resamples">Bootstrap resamples, by cluster.</param>
    /// <param name="chance">Draws them.</param>
    public static PolicyEvaluation Of<T>(WeighedLog<T> log, IReadOnlyList<IEstimator<T>> estimators, string judge, int resamples, Chance chance)
    {
        // One row a cluster: every estimator's sums side by side, then the sum of rewards and the count of rounds.
        var columns = estimators.Sum(estimator => estimator.Sums) + 2;
        var clusters = log.Clusters.Distinct().Order().Select((cluster, row) => (cluster, row)).ToDictionary(pair => pair.cluster, pair => pair.row);
        var sums = new double[clusters.Count * columns];
        var (weights, squares) = (new double[estimators.Count], new double[estimators.Count]);
        for (var i = 0; i < log.Rounds.Count; i++)
        {
            var round = log.Rounds[i];
            var row = sums.AsSpan(clusters[log.Clusters[i]] * columns, columns);
            var at = 0;
            for (var e = 0; e < estimators.Count; e++)
            {
                estimators[e].Add(round, row.Slice(at, estimators[e].Sums));
                at += estimators[e].Sums;
                var weight = estimators[e].WeightOf(round);
                weights[e] += weight;
                squares[e] += weight * weight;
            }

            row[at] += log.Rewards[i];
            row[at + 1]++;
        }

        var from = new int[estimators.Count];
        for (var e = 1; e < from.Length; e++)
        {
            from[e] = from[e - 1] + estimators[e - 1].Sums;
        }

        var judging = Enumerable.Range(0, estimators.Count).First(e => estimators[e].Name == judge);
        double ValueOf(int e, ReadOnlySpan<double> total) => estimators[e].Value(total.Slice(from[e], estimators[e].Sums));
        double LoggedOf(ReadOnlySpan<double> total) => total[^2] / total[^1];
        Func<ReadOnlySpan<double>, double>[] statistics =
        [
            .. Enumerable.Range(0, estimators.Count).Select(e => new Func<ReadOnlySpan<double>, double>(total => ValueOf(e, total))),
            LoggedOf,
            total => ValueOf(judging, total) - LoggedOf(total),
        ];
        var intervals = ClusteredBootstrap.OfStatistics(sums, columns, statistics, resamples, chance);
        var overlap = log.Overlap();
        return new PolicyEvaluation(
            log.Target,
            [.. estimators.Select((estimator, e) => new Estimate(
                estimator.Name, intervals[e].Mean, intervals[e].Low, intervals[e].High, Overlap.EffectiveSizeOf(weights[e], squares[e])))],
            intervals[^2], intervals[^1], judge, overlap, PolicyVerdict.Of(overlap, intervals[^1]));
    }
}
