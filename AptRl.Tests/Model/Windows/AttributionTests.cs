using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Windows;

public sealed class AttributionTests
{
    private static readonly Decision First = Sample.Decided(0, "first", "a", "b");
    private static readonly Decision Second = Sample.Decided(5, "second", "c", "b");

    [Fact]
    public void A_click_belongs_to_the_last_decision_that_showed_the_item()
        => Assert.Equal([(Second.Id, 1)], Joined(Sample.At(6, "x", "b")));

    [Fact]
    public void A_named_recommendation_wins_over_a_later_one()
        => Assert.Equal([(First.Id, 1)], Joined(Sample.At(6, "x", "b", recommendation: First.Id.Value)));

    [Fact]
    public void An_unknown_recommendation_earns_nothing()
        => Assert.Empty(Joined(Sample.At(6, "x", "b", recommendation: "bm9ib2R5.0123456789abcdef")));

    [Theory]
    [InlineData(InteractionKind.ViewItem, 30, true)]
    [InlineData(InteractionKind.ViewItem, 30.1, false)]
    [InlineData(InteractionKind.Purchase, 24 * 60, true)]
    [InlineData(InteractionKind.Purchase, 24 * 60 + 0.1, false)]
    public void A_click_counts_for_half_an_hour_and_a_purchase_for_a_day(InteractionKind kind, double minute, bool counts)
        => Assert.Equal(counts, Joined(Sample.At(minute, "x", "a", kind)).Any());

    [Fact]
    public void A_decision_after_the_event_has_no_part_in_it()
        => Assert.Equal([(First.Id, 1)], Joined(Sample.At(4, "x", "b")));

    [Fact]
    public void The_second_click_on_the_same_item_earns_nothing_and_its_purchase_does()
    {
        var timeline = Sample.Timeline(null, new DecisionMade(First));
        timeline.Offer(Sample.At(1, "x", "a"));
        timeline.Offer(Sample.At(2, "y", "a"));
        Assert.Equal(1, timeline.RewardsJoined);

        timeline.Offer(Sample.At(3, "z", "a", InteractionKind.Purchase));
        Assert.Equal(2, timeline.RewardsJoined);
    }

    [Fact]
    public void A_refund_takes_back_one_purchase_once()
    {
        var timeline = Sample.Timeline(null, new DecisionMade(First));
        timeline.Offer(Sample.At(1, "x", "a", InteractionKind.Refund));   // nothing to take back
        timeline.Offer(Sample.At(2, "y", "a", InteractionKind.Purchase));
        timeline.Offer(Sample.At(3, "z", "a", InteractionKind.Refund));
        timeline.Offer(Sample.At(4, "w", "a", InteractionKind.Refund));   // taken back already

        Assert.Equal([FeatureVector.One, -FeatureVector.One], timeline.Decisions[0].Rewards.Select(reward => reward.Reward.Amount));
    }

    [Fact]
    public void Leaving_is_shared_out_over_the_last_slate_unless_it_was_clicked()
    {
        var timeline = Sample.Timeline(null, new DecisionMade(First));
        var leave = timeline.Accept(Sample.At(1, "x", null, InteractionKind.SessionEnd), [Sample.Home]);
        Assert.Equal([(0, RewardType.Leave, FeatureVector.One / 2), (1, RewardType.Leave, FeatureVector.One / 2)],
            leave.Rewards.Select(reward => (reward.Position, reward.Type, reward.Amount)));

        timeline.Offer(Sample.At(1, "y", "a"));
        Assert.Empty(timeline.Accept(Sample.At(2, "x", null, InteractionKind.SessionEnd), [Sample.Home]).Rewards);
    }

    [Fact]
    public void A_purchase_of_two_shown_items_earns_two_rewards()
        => Assert.Equal([(Second.Id, 0), (First.Id, 0)], Joined(Sample.At(6, "x", "c,a", InteractionKind.Purchase)));

    [Fact]
    public void Where_decisions_are_named_what_names_none_earns_nothing()
    {
        var named = new WindowOptions { CreditUnnamed = false };
        var timeline = Sample.Timeline(named, new DecisionMade(First), new DecisionMade(Second));

        Assert.Empty(timeline.Accept(Sample.At(6, "x", "b"), [Sample.Home]).Rewards);
        Assert.Equal(First.Id, Assert.Single(timeline.Accept(Sample.At(6, "y", "b", recommendation: First.Id.Value), [Sample.Home]).Rewards).Decision);
    }

    private static IEnumerable<(DecisionId, int)> Joined(Interaction interaction)
        => Sample.Timeline(null, new DecisionMade(First), new DecisionMade(Second))
            .Accept(interaction, [Sample.Home]).Rewards.Select(reward => (reward.Decision, reward.Position));
}
