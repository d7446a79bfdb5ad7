using System.Collections.Immutable;

namespace AptRl.Model.Learning;

/// <summary>How a learner of a scenario learns.</summary>
public sealed record LearnerOptions
{
    /// <summary>What each reward type is worth, by <see cref="RewardType"/>. Changing it keeps what was learned: sums are kept per type.</summary>
    /// <remarks>Default: click 0.2, cart 0.5, purchase 1.0 (Xin et al. 2020 use 0.2 and 1.0), dismiss -0.5, leave -0.2.</remarks>
    public ImmutableArray<double> RewardWeights { get; init; } = [0.2, 0.5, 1.0, -0.5, -0.2];

    /// <summary>λ of the ridge regression, in rows: how many rows of evidence the prior of zero is worth. Default 10.</summary>
    public double Ridge { get; init; } = 10;

    /// <summary>After this much event time a row counts half. Default 14 days.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Buckets of event time kept; two a half-life, so that 16 forget what counts less than 1/256. Default 16.</summary>
    public int BucketsMax { get; init; } = 16;

    /// <summary>Items whose neighbours are kept; beyond it the least touched are dropped at a publication. Default 100,000.</summary>
    public int ItemsMax { get; init; } = 100_000;

    /// <summary>Neighbours kept for each item at a publication. Default 32.</summary>
    public int NeighboursMax { get; init; } = 32;

    /// <summary>Most popular items kept ready as candidates. Default 50.</summary>
    public int PopularMax { get; init; } = 50;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">A bound is not positive, or a weight is missing or not finite.</exception>
    public LearnerOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Ridge);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HalfLife, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BucketsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ItemsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NeighboursMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PopularMax);
        return RewardWeights.Length == RidgeStatistics.RewardTypes && RewardWeights.All(double.IsFinite)
            ? this
            : throw new ArgumentException($"{RewardWeights.Length} reward weights, {RidgeStatistics.RewardTypes} finite ones are needed: one for each of {string.Join(", ", Enum.GetNames<RewardType>())}");
    }
}
