using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>What a timeline must know of a scenario to teach its learner.</summary>
/// <param name="Rewards">When rewards are joined, and how money counts.</param>
/// <param name="WithSlates">Whether lessons tell propensities, and of a reward the slate that it came of: the actor-critic learns from them.</param>
public sealed record TeachingOptions(RewardTable Rewards, bool WithSlates)
{
    /// <summary>For a scenario of which nothing else is said.</summary>
    public static TeachingOptions Default { get; } = new(new RewardTable(), false);
}
