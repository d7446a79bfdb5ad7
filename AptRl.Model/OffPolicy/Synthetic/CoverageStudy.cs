using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.OffPolicy.Estimators;
using AptRl.Model.OffPolicy.Rewards;
using AptRl.Model.OffPolicy.Slates;

namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>How an estimator did over many logs of one world.</summary>
/// <param name="World"><c>single</c> or <c>slates</c>.</param>
/// <param name="Name">The estimator.</param>
/// <param name="Truth">What the target is worth.</param>
/// <param name="Bias">Mean of V̂ - V.</param>
/// <param name="BiasError">Standard error of that mean.</param>
/// <param name="RootMeanSquare">√ mean (V̂ - V)².</param>
/// <param name="Covered">Share of the 95 % intervals that hold the truth, with Wilson's interval of that share.</param>
/// <param name="Width">Mean width of the intervals.</param>
public readonly record struct Coverage(
    string World, string Name, double Truth, double Bias, double BiasError, double RootMeanSquare, ConfidenceInterval Covered, double Width);

/// <summary>Whether the estimators and their intervals keep what they promise: many logs of worlds with known truth.</summary>
/// <param name="Draws">Logs of each world.</param>
/// <param name="Rounds">Rounds or slates of a log.</param>
/// <param name="Resamples">Bootstrap resamples of an interval.</param>
public sealed record CoverageStudy(int Draws, int Rounds, int Resamples)
{
    private const int Folds = 3;
    private const int TruthRounds = 200_000;

    /// <summary>Runs it on <see cref="SyntheticBandit"/> with 10 actions, and on <see cref="CascadeWorld"/>.</summary>
    /// <param name="trainer">The reward model.</param>
    /// <param name="seed">Makes worlds and logs.</param>
    /// <param name="onDraw">Told the logs that are done, of twice <see cref="Draws"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<Coverage> Run(IRewardTrainer trainer, ulong seed, Action<int> onDraw, CancellationToken cancellation)
        => [.. Single(trainer, seed, onDraw, cancellation), .. OfSlates(trainer, seed, done => onDraw(Draws + done), cancellation)];

    private IEnumerable<Coverage> Single(IRewardTrainer trainer, ulong seed, Action<int> onDraw, CancellationToken cancellation)
    {
        var chance = new Chance(seed).Split("single");
        var world = new SyntheticBandit(actions: 10, width: 5, inverseTemperature: -3, seed).Settle(TruthRounds, chance.Split("settle"));
        var target = LearnedTarget.Fit(world.Draw(10_000, chance.Split("learn")).Log, temperature: 0.2);
        var truth = world.Draw(TruthRounds, chance.Split("truth")).ValueOf(target);
        return Study("single", truth, onDraw, draw =>
        {
            var log = CrossFitting.Weigh(world.Draw(Rounds, chance.Split((ulong)draw)).Log, target, trainer, Folds, seed + (ulong)draw, cancellation);
            return PolicyEvaluation.Of(log, SingleEstimators.For(log.Rounds, hasModel: true), "dr", Resamples, chance.Split((ulong)draw).Split("resample"));
        });
    }

    private IEnumerable<Coverage> OfSlates(IRewardTrainer trainer, ulong seed, Action<int> onDraw, CancellationToken cancellation)
    {
        var chance = new Chance(seed).Split("slates");
        var world = new CascadeWorld(seed);
        return Study("slates", world.ValueOf(world.Target), onDraw, draw =>
        {
            var slates = world.Draw(Rounds, chance.Split((ulong)draw));
            var log = SlateFitting.Weigh(slates, world.Logging, world.Target, trainer, Folds, seed + (ulong)draw, cancellation);
            return PolicyEvaluation.Of(log, SlateEstimators.For(CascadeWorld.Positions, hasModel: true), "cascade-dr", Resamples, chance.Split((ulong)draw).Split("resample"));
        });
    }

    private IEnumerable<Coverage> Study(string world, double truth, Action<int> onDraw, Func<int, PolicyEvaluation> evaluate)
    {
        var estimates = new Estimate[Draws][];
        for (var draw = 0; draw < Draws; draw++)
        {
            estimates[draw] = [.. evaluate(draw).Estimates];
            onDraw(draw + 1);
        }

        return Enumerable.Range(0, estimates[0].Length).Select(e =>
        {
            Estimate[] own = [.. estimates.Select(row => row[e])];
            var bias = own.Average(one => one.Value - truth);
            var variance = own.Sum(one => Math.Pow(one.Value - truth - bias, 2)) / Math.Max(1, Draws - 1);
            return new Coverage(
                world, own[0].Name, truth, bias, Math.Sqrt(variance / Draws), Math.Sqrt(own.Average(one => Math.Pow(one.Value - truth, 2))),
                WilsonInterval.Of(own.Count(one => one.Low <= truth && truth <= one.High), Draws), own.Average(one => one.High - one.Low));
        });
    }
}
