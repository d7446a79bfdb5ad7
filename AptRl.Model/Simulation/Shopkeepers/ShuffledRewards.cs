using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>Gives each reward to a random one of the items that its shopper was shown lately.</summary>
/// <remarks>
/// A control for claims of learning from rewards: how much each shopper earned, of what and when stays as it was, but which
/// item earned it is chance. What is then left of a gain over others came from something else than rewards.
/// </remarks>
internal sealed class ShuffledRewards(Chance chance)
{
    private Chance _chance = chance;

    /// <summary>The lesson with its rewards given to others.</summary>
    public Lesson Of(UserTimeline timeline, Lesson lesson)
        => lesson.Rewarded.IsEmpty ? lesson : lesson with { Rewarded = [.. lesson.Rewarded.Select(reward => Moved(timeline, reward))] };

    private RewardedItem Moved(UserTimeline timeline, RewardedItem reward)
    {
        var decision = timeline.Decisions[_chance.Next(timeline.Decisions.Count)].Decision;
        if (decision.Slate.IsEmpty)
        {
            return reward;
        }

        var shown = decision.Slate[_chance.Next(decision.Slate.Length)];
        return reward with { Item = shown.Item, Features = shown.Features };
    }
}
