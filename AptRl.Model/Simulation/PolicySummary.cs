using AptRl.Model.Evaluation;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>What one policy was worth over several runs of different seeds.</summary>
/// <remarks>
/// Intervals are 95 %, by drawing whole runs and within them whole shoppers (<see cref="NestedBootstrap"/>). Clicks are the exact
/// probabilities of what was shown, so that only behaviour and learning vary, not the luck of a click; <see cref="ClickRate"/>
/// is the drawn clicks, for comparison.
/// </remarks>
public sealed class PolicySummary
{
    /// <summary>Page views that a level is measured over, after the drift.</summary>
    public const int RecoveryWindow = 2_000;

    /// <summary>Page views before the drift, and at the end, that a level is measured over.</summary>
    public const int LevelWindow = 10_000;

    /// <summary>Share of the former level that counts as recovered.</summary>
    public const double Recovered = 0.95;

    /// <summary>The policy.</summary>
    public required string Name { get; init; }

    /// <summary>Runs, each with its own seed.</summary>
    public required int Runs { get; init; }

    /// <summary>Exact click probability of a page view.</summary>
    public required ConfidenceInterval Ctr { get; init; }

    /// <summary>Page views that were clicked.</summary>
    public required ConfidenceInterval ClickRate { get; init; }

    /// <summary>Click probability of the best slates for the same page views.</summary>
    public required double OracleCtr { get; init; }

    /// <summary>Σ clicks over Σ clicks of the best slates for the same page views.</summary>
    public required ConfidenceInterval OfOracle { get; init; }

    /// <summary>Expected clicks missed in a whole run.</summary>
    public required ConfidenceInterval Regret { get; init; }

    /// <summary>Weighted rewards of a session.</summary>
    public required ConfidenceInterval RewardPerSession { get; init; }

    /// <summary>Clicks of a session.</summary>
    public required ConfidenceInterval ClicksPerSession { get; init; }

    /// <summary>Money of a session.</summary>
    public required ConfidenceInterval MoneyPerSession { get; init; }

    /// <summary>Share of the oracle over the last page views before the drift; without one, before the end.</summary>
    public required double OfOracleBefore { get; init; }

    /// <summary>Share of the oracle over the last page views of all.</summary>
    public required double OfOracleAtEnd { get; init; }

    /// <summary>Page views after the drift until the last <see cref="RecoveryWindow"/> of them are back at the former level; null where they never are, or nothing drifted.</summary>
    public required int? RecoveryDecisions { get; init; }

    /// <summary>Mean of the runs' exposure.</summary>
    public required Exposure Exposure { get; init; }

    /// <summary>Page views of a step of the curve.</summary>
    public required int StepLength { get; init; }

    /// <summary>Step by step, over all runs: clicks and clicks of the best slates, both for a page view.</summary>
    public required IReadOnlyList<(double Ctr, double Oracle)> Curve { get; init; }

    /// <summary>Puts runs together.</summary>
    /// <param name="name">The policy.</param>
    /// <param name="runs">Of the same options and different seeds.</param>
    /// <param name="driftAfter">When tastes moved; null for never.</param>
    /// <param name="resamples">Of the bootstrap.</param>
    /// <param name="chance">Draws them.</param>
    public static PolicySummary Of(string name, IReadOnlyList<ShopRunResult> runs, int? driftAfter, int resamples, Chance chance)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var intervals = NestedBootstrap.OfRatios(
            [.. runs.Select(run => run.ShopperSums)],
            [
                (ShopRunResult.ExpectedClicks, ShopRunResult.PageViews), (ShopRunResult.Clicks, ShopRunResult.PageViews),
                (ShopRunResult.ExpectedClicks, ShopRunResult.BestClicks), (ShopRunResult.BestClicks, ShopRunResult.PageViews),
                (ShopRunResult.Reward, ShopRunResult.Sessions), (ShopRunResult.Clicks, ShopRunResult.Sessions),
                (ShopRunResult.Money, ShopRunResult.Sessions),
            ],
            resamples, chance);
        var curve = Enumerable.Range(0, runs[0].Views.Count).Select(step => (
            Views: runs.Sum(run => (double)run.Views[step]), Clicks: runs.Sum(run => run.Expected[step]), Best: runs.Sum(run => run.Best[step]))).ToArray();
        var (steps, drift) = (runs[0].StepLength, driftAfter is { } after ? (after + runs[0].StepLength - 1) / runs[0].StepLength : curve.Length);
        var before = Share(curve, drift - Steps(LevelWindow), drift);
        return new PolicySummary
        {
            Name = name,
            Runs = runs.Count,
            Ctr = intervals[0],
            ClickRate = intervals[1],
            OfOracle = intervals[2],
            OracleCtr = intervals[3].Mean,
            Regret = Scaled(NestedBootstrap.OfRatios([.. runs.Select(run => Missed(run.ShopperSums))], [(0, 1)], resamples, chance)[0], runs[0].Decisions),
            RewardPerSession = intervals[4],
            ClicksPerSession = intervals[5],
            MoneyPerSession = intervals[6],
            OfOracleBefore = before,
            OfOracleAtEnd = Share(curve, curve.Length - Steps(LevelWindow), curve.Length),
            RecoveryDecisions = driftAfter is null ? null : Recovery(curve, drift, before),
            Exposure = new Exposure(
                runs.Average(run => run.Exposure.Coverage), runs.Average(run => run.Exposure.Gini),
                runs.Average(run => run.Exposure.PopularityBias), runs.Average(run => run.Exposure.SameCategory))
            {
                Narrowness = runs.Average(run => run.Exposure.Narrowness),
            },
            StepLength = steps,
            Curve = [.. curve.Select(step => (step.Clicks / step.Views, step.Best / step.Views))],
        };

        int Steps(int decisions) => Math.Max(1, decisions / steps);

        int? Recovery((double Views, double Clicks, double Best)[] of, int from, double level)
        {
            for (var to = from + Steps(RecoveryWindow); to <= of.Length; to++)
            {
                if (Share(of, to - Steps(RecoveryWindow), to) >= Recovered * level)
                {
                    return (to - from) * steps;
                }
            }

            return null;
        }
    }

    private static double[][] Missed(IReadOnlyList<double[]> sums)
        => [.. sums.Select(sum => new[] { sum[ShopRunResult.BestClicks] - sum[ShopRunResult.ExpectedClicks], sum[ShopRunResult.PageViews] })];

    private static ConfidenceInterval Scaled(ConfidenceInterval interval, double by) => new(interval.Mean * by, interval.Low * by, interval.High * by);

    private static double Share((double Views, double Clicks, double Best)[] curve, int from, int to)
    {
        var part = curve[Math.Max(0, from)..to];
        return part.Sum(step => step.Clicks) / part.Sum(step => step.Best);
    }
}
