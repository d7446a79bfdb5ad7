using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>What a timeline must know of a scenario to teach its learner.</summary>
/// <param name="Rewards">When rewards are joined, and how money counts.</param>
/// <param name="Learner">What learns: an actor-critic needs propensities, and of a reward the slate that it came of; a deep Q-network the slate that followed.</param>
public sealed record TeachingOptions(RewardTable Rewards, LearnerKind Learner)
{
    /// <summary>For a scenario of which nothing else is said.</summary>
    public static TeachingOptions Default { get; } = new(new RewardTable(), LearnerKind.Ridge);

    /// <summary>What a scenario's learner needs.</summary>
    public static TeachingOptions Of(LearnerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TeachingOptions(options.Rewards, options.Kind);
    }

    /// <summary>Whether lessons tell propensities, and of a reward the slate that it came of.</summary>
    internal bool WithSlates => Learner is LearnerKind.ActorCritic;

    /// <summary>Whether the value of a next slate is told with the slate itself.</summary>
    internal bool WithFollowing => Learner is LearnerKind.DeepQ;
}
