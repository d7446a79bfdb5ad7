using AptRl.Model.OffPolicy.Rewards;

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
