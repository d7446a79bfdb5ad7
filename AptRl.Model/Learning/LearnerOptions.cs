using System.Collections.Immutable;
using AptRl.Model.Retrieval;

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

    /// <summary>Sessions remembered; beyond it the oldest is forgotten. Default 200,000.</summary>
    public int SessionsMax { get; init; } = 200_000;

    /// <summary>Sessions found by one item: the newest that hold it. Default 1,000.</summary>
    public int SessionsPerItem { get; init; } = 1_000;

    /// <summary>A session may go on for this long after its newest touch, by event time. Default 1 hour: twice the gap that ends one, for what comes late.</summary>
    public TimeSpan SessionOpen { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Items in remembered sessions; beyond it those whose last session is oldest are dropped at a publication, down to nine tenths. Default 100,000.</summary>
    public int ItemsMax { get; init; } = 100_000;

    /// <summary>Co-visited items kept of each item. Default 32.</summary>
    public int NeighboursMax { get; init; } = 32;

    /// <summary>How sessions like a user's window are found and what they say.</summary>
    public SessionNeighboursOptions Neighbours { get; init; } = new();

    /// <summary>Most popular items kept ready as candidates. Default 50.</summary>
    public int PopularMax { get; init; } = 50;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">A bound is not positive, or a weight is missing or not finite.</exception>
    public LearnerOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Ridge);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HalfLife, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BucketsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SessionsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SessionsPerItem);
        ArgumentOutOfRangeException.ThrowIfLessThan(SessionOpen, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ItemsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NeighboursMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PopularMax);
        Neighbours.Checked();
        return RewardWeights.Length == RidgeStatistics.RewardTypes && RewardWeights.All(double.IsFinite)
            ? this
            : throw new ArgumentException($"{RewardWeights.Length} reward weights, {RidgeStatistics.RewardTypes} finite ones are needed: one for each of {string.Join(", ", Enum.GetNames<RewardType>())}");
    }
}
