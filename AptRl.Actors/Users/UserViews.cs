using AptRl.Actors.Hosting;
using AptRl.Model.Windows;

namespace AptRl.Actors.Users;

/// <summary>What an outsider is shown of a timeline.</summary>
internal static class UserViews
{
    public static DecisionView? Of(RememberedDecision? remembered)
        => remembered is null ? null : new DecisionView(
            remembered.Decision,
            [.. remembered.Rewards.Select(reward => new EarnedReward(
                reward.Reward.Position, reward.Reward.Type, reward.By, Math.Sign(reward.Reward.Amount)))]);

    public static UserView Of(UserTimeline timeline, long late) => new(
        timeline.User, timeline.Window.Touches, timeline.Sessions, timeline.Accepted, late, timeline.RewardsJoined, timeline.DecisionCount,
        [.. timeline.Decisions.Select(remembered => remembered.Decision.Id)], timeline.Window.Hash(timeline.User).ToString("x32", null));
}
