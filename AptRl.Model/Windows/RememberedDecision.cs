using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>One reward of a decision and the event that brought it.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="By">The event.</param>
public readonly record struct RewardBy(JoinedReward Reward, EventId By);

/// <summary>A decision still open to rewards, with those it has.</summary>
public sealed class RememberedDecision
{
    /// <summary>A decision with the rewards it earned so far.</summary>
    public RememberedDecision(Decision decision, ImmutableArray<RewardBy> rewards) => (Decision, Rewards) = (decision, rewards);

    /// <summary>The decision.</summary>
    public Decision Decision { get; }

    /// <summary>In order of arrival.</summary>
    public ImmutableArray<RewardBy> Rewards { get; }

    /// <summary>Whether this position has a reward of this type that was not taken back.</summary>
    public bool Earned(int position, RewardType type)
    {
        var sum = 0;
        foreach (var (reward, _) in Rewards)
        {
            sum += reward.Position == position && reward.Type == type ? Math.Sign(reward.Amount) : 0;
        }

        return sum > 0;
    }

    /// <summary>The same decision with more rewards.</summary>
    public RememberedDecision With(IEnumerable<JoinedReward> rewards, EventId by)
        => new(Decision, Rewards.AddRange(rewards.Select(reward => new RewardBy(reward, by))));
}
