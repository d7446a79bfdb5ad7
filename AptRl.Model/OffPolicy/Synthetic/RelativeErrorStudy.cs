using AptRl.Model.OffPolicy.Estimators;
using AptRl.Model.OffPolicy.Rewards;

namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>How far an estimator was from the truth, over runs.</summary>
/// <param name="Name">The estimator.</param>
/// <param name="Mean">Mean of |V̂ - V| / V.</param>
/// <param name="Error">Standard error of that mean.</param>
/// <param name="Published">The Open Bandit Pipeline's mean; null where it has none.</param>
/// <param name="PublishedError">Standard error of that: its standard deviation over √20.</param>
public readonly record struct RelativeError(string Name, double Mean, double Error, double? Published, double? PublishedError)
{
    /// <summary>Distance of the two means in standard errors of their difference; null where there is nothing to compare with.</summary>
    public double? Distance => Published is { } mean && PublishedError is { } error ? Math.Abs(Mean - mean) / Math.Sqrt(Error * Error + error * error) : null;
}

/// <summary>The Open Bandit Pipeline's comparison of estimators, run again in the same world.</summary>
/// <remarks>
/// Each run has a world of its own, from world 0 on, with the pipeline's own numbers (<see cref="PipelineWorld"/>); a target is
/// learned from one log and estimated from another. The published table is that of the pipeline's examples/synthetic: 20 runs,
/// 10,000 rounds, 30 actions, 5 numbers of context, inverse temperature -3, logistic regression both as learner and as reward
/// model, 3 folds, λ chosen from the log. Differences: other folds, and ML.NET's L-BFGS in place of scikit-learn's.
/// </remarks>
/// <param name="Runs">How many worlds.</param>
/// <param name="Rounds">Rounds of a log.</param>
/// <param name="Actions">Actions of a world.</param>
public sealed record RelativeErrorStudy(int Runs, int Rounds, int Actions)
{
    private const int Width = 5;
    private const int Folds = 3;
    private const double InverseTemperature = -3;
    private const int PublishedRuns = 20;
    private const string FixedShrinkage = "dr-os, λ = 10";

    private static readonly Dictionary<string, (double Mean, double Deviation)> Published = new()
    {
        ["dm"] = (0.074390, 0.024525),
        ["ips"] = (0.009481, 0.006899),
        ["snips"] = (0.006665, 0.004541),
        ["dr"] = (0.006175, 0.004245),
        ["sndr"] = (0.006118, 0.003997),
        ["switch-dr"] = (0.006175, 0.004245),
        ["dr-os"] = (0.021951, 0.013337),
        [FixedShrinkage] = (0.021951, 0.013337),
    };

    /// <summary>Runs it.</summary>
    /// <param name="trainer">The reward model; the published table has logistic regression.</param>
    /// <param name="seed">Deals the folds, and is the trainer's.</param>
    /// <param name="onRun">Told the runs that are done.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<RelativeError> Run(IRewardTrainer trainer, ulong seed, Action<int> onRun, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, List<double>>();
        for (var run = 0; run < Runs; run++)
        {
            var world = new PipelineWorld(Actions, Width, InverseTemperature, (uint)run);
            var target = LearnedTarget.Fit(world.Draw(Rounds).Log);
            var drawn = world.Draw(Rounds);
            var truth = drawn.ValueOf(target);
            var log = CrossFitting.Weigh(drawn.Log, target, trainer, Folds, seed, cancellation);
            foreach (var (name, estimator) in Compared(log.Rounds))
            {
                var sums = new double[estimator.Sums];
                foreach (var round in log.Rounds)
                {
                    estimator.Add(round, sums);
                }

                errors.TryAdd(name, []);
                errors[name].Add(Math.Abs(estimator.Value(sums) - truth) / truth);
            }

            onRun(run + 1);
        }

        var comparable = this is { Rounds: 10_000, Actions: 30 } && trainer is LogisticRewards;
        return [.. errors.Select(pair => Summary(pair.Key, pair.Value, comparable))];
    }

    private static IEnumerable<(string Name, IEstimator<WeighedRound> Estimator)> Compared(IReadOnlyList<WeighedRound> rounds)
        => SingleEstimators.For(rounds, hasModel: true).Select(estimator => (estimator.Name, estimator)).Append((FixedShrinkage, new ShrunkDoublyRobust(BoundChoice.Bounds[0])));

    private static RelativeError Summary(string name, List<double> errors, bool comparable)
    {
        var mean = errors.Average();
        var error = errors.Count < 2 ? double.NaN : Math.Sqrt(errors.Sum(one => (one - mean) * (one - mean)) / (errors.Count - 1) / errors.Count);
        return comparable && Published.TryGetValue(name, out var published)
            ? new RelativeError(name, mean, error, published.Mean, published.Deviation / Math.Sqrt(PublishedRuns))
            : new RelativeError(name, mean, error, null, null);
    }
}
