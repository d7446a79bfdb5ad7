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
    /// <param name="decision">The decision.</param>
    /// <param name="rewards">In order of arrival.</param>
    /// <param name="session">The user's session that it was made in, from 1; 0 where that is not known.</param>
    public RememberedDecision(Decision decision, ImmutableArray<RewardBy> rewards, long session = 0)
        => (Decision, Rewards, Session) = (decision, rewards, session);

    /// <summary>The decision.</summary>
    public Decision Decision { get; }

    /// <summary>The user's session that it was made in, from 1; 0 where that is not known.</summary>
    public long Session { get; }

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

    /// <summary>All that this position earned of a type, in units of 1/<see cref="FeatureVector.One"/>, less what was taken back.</summary>
    public int AmountOf(int position, RewardType type)
        => Rewards.Where(by => by.Reward.Position == position && by.Reward.Type == type).Sum(by => by.Reward.Amount);

    /// <summary>The position that was clicked last; -1 where none was.</summary>
    public int LastClicked
        => Rewards.LastOrDefault(by => by.Reward is { Type: RewardType.Click, Amount: > 0 }) is { By.Value: not null } last ? last.Reward.Position : -1;

    /// <summary>The same decision with more rewards.</summary>
    public RememberedDecision With(IEnumerable<JoinedReward> rewards, EventId by)
        => new(Decision, Rewards.AddRange(rewards.Select(reward => new RewardBy(reward, by))), Session);
}
