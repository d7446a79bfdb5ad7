using AptRl.Model.Events;
using AptRl.Model.OffPolicy.Estimators;
using AptRl.Model.OffPolicy.Rewards;
using AptRl.Model.OffPolicy.Slates;

namespace AptRl.Model.OffPolicy;

/// <summary>How a log is evaluated.</summary>
public sealed record OffPolicyOptions
{
    /// <summary>Fits the reward model; null where none is wanted. Default logistic regression.</summary>
    public IRewardTrainer? Trainer { get; init; } = new LogisticRewards();

    /// <summary>Folds of cross-fitting, at least 2. Default 3.</summary>
    public int Folds { get; init; } = 3;

    /// <summary>Bootstrap resamples, at least 40. Default 1,000.</summary>
    public int Resamples { get; init; } = 1_000;

    /// <summary>Decides all that is drawn. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>A log and a target policy in, all that can be said out. A pure function of its arguments.</summary>
public static class OffPolicyEvaluation
{
    /// <summary>Evaluates a target on a log of single choices.</summary>
    public static PolicyEvaluation Of(BanditLog log, ITargetPolicy target, OffPolicyOptions options, CancellationToken cancellation)
    {
        var weighed = CrossFitting.Weigh(log, target, options.Trainer, options.Folds, options.Seed, cancellation);
        var hasModel = options.Trainer is not null;
        return PolicyEvaluation.Of(
            weighed, SingleEstimators.For(weighed.Rounds, hasModel), hasModel ? "dr" : "snips", options.Resamples, new Chance(options.Seed).Split("resample"));
    }

    /// <summary>Evaluates a target on a log of slates.</summary>
    public static PolicyEvaluation Of(
        IReadOnlyList<LoggedSlate> slates, ISlatePolicy logging, ISlatePolicy target, OffPolicyOptions options, CancellationToken cancellation)
    {
        var weighed = SlateFitting.Weigh(slates, logging, target, options.Trainer, options.Folds, options.Seed, cancellation);
        var hasModel = options.Trainer is not null;
        return PolicyEvaluation.Of(
            weighed, SlateEstimators.For(slates.Max(slate => slate.Places.Count), hasModel), hasModel ? "cascade-dr" : "cascade-snips", options.Resamples,
            new Chance(options.Seed).Split("resample"));
    }
}
