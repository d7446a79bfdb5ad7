using System.Collections.Immutable;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Learning;

/// <summary>How a learner of a scenario learns.</summary>
public sealed record LearnerOptions
{
    /// <summary>What learns the policy. Default the ridge regression.</summary>
    public LearnerKind Kind { get; init; } = LearnerKind.Ridge;

    /// <summary>What rewards are worth, and when they are joined. Changing it keeps what was learned: sums are kept per type.</summary>
    public RewardTable Rewards { get; init; } = new();

    /// <summary>The weights of <see cref="Rewards"/>.</summary>
    public ImmutableArray<double> RewardWeights
    {
        get => Rewards.Weights;
        init => Rewards = Rewards with { Weights = value };
    }

    /// <summary>The discount of <see cref="Rewards"/>.</summary>
    public double Discount
    {
        get => Rewards.Discount;
        init => Rewards = Rewards with { Discount = value };
    }

    /// <summary>How the actor-critic learns, where it does.</summary>
    public ActorCriticOptions ActorCritic { get; init; } = new();

    /// <summary>How the deep Q-network learns, where it does.</summary>
    public DeepQOptions DeepQ { get; init; } = new();

    /// <summary>λ of the ridge regression, in rows: how many rows of evidence the prior of zero is worth. Default 10.</summary>
    public double Ridge { get; init; } = 10;

    /// <summary>What the regression believes before it has learned anything. Default null: that everything is worth 0.</summary>
    public RidgePrior? Prior { get; init; }

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

    /// <summary>
    /// Slates of a block in which exposures are counted (<see cref="ExposureMemory"/>); 0, the default, counts none. Needed where
    /// the exposure of items is bounded; 1,000 are enough to know a share of 5 % to a tenth.
    /// </summary>
    public int ExposureSlates { get; init; }

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
        ArgumentOutOfRangeException.ThrowIfNegative(ExposureSlates);
        Neighbours.Checked();
        Rewards.Checked();
        ActorCritic.Checked();
        DeepQ.Checked();
        return this;
    }
}
