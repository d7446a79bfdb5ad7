using AptRl.Model.Events;
using AptRl.Model.OffPolicy.Estimators;
using AptRl.Model.OffPolicy.Rewards;
using AptRl.Model.OffPolicy.Slates;

namespace AptRl.Model.OffPolicy;

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
