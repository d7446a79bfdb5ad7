using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Windows;

public sealed class TemporalDifferenceTests
{
    [Fact]
    public void The_item_clicked_last_has_the_value_of_the_next_slate()
    {
        var timeline = Sample.Timeline(null, new DecisionMade(Sample.Decided(0, "first", "a", "b", "c")));
        timeline.Offer(Sample.At(1, "click-c", "c", InteractionKind.SelectItem));
        timeline.Offer(Sample.At(2, "click-b", "b", InteractionKind.SelectItem));
        timeline.Apply(new DecisionMade(Sample.Decided(3, "second", "d") with { Value = 0.25 }));

        var lesson = Assert.Single(NextLessons(timeline));
        var shown = timeline.Decisions[0].Decision.Slate[1];
        Assert.Equal(Sample.Noon, lesson.At);                                                       // the bucket of the decision that is credited
        Assert.Equal(new RewardedItem(shown.Item, shown.Features, RewardType.Next, 1_024), lesson.Rewarded[0]); // 0.25 · 4096
        Assert.Null(lesson.By);
    }

    [Fact]
    public void Without_a_click_in_another_session_or_scenario_and_without_a_value_nothing_has_credit()
    {
        var first = Sample.Decided(0, "first", "a");
        var next = Sample.Decided(3, "second", "d") with { Value = 0.25 };
        var click = new InteractionAccepted(Sample.At(1, "click", "a"), [Sample.Home], [new JoinedReward(first.Id, 0, RewardType.Click, FeatureVector.One)]);

        Assert.Single(NextLessons(Sample.Timeline(null, new DecisionMade(first), click, new DecisionMade(next))));
        Assert.Empty(NextLessons(Sample.Timeline(null, new DecisionMade(first), new DecisionMade(next))));
        Assert.Empty(NextLessons(Sample.Timeline(null, new DecisionMade(first), click, new DecisionMade(next with { Value = null }))));
        Assert.Empty(NextLessons(Sample.Timeline(null, new DecisionMade(first), click, new DecisionMade(next with { Scenario = new ScenarioId("cart") }))));
        Assert.Empty(NextLessons(Sample.Timeline(null, new DecisionMade(first), click, new DecisionMade(next with { At = Sample.Noon.AddMinutes(32) })))); // 31 after the click
    }

    [Fact]
    public void A_page_view_that_opens_a_session_is_of_that_session()
    {
        // Yesterday's click ends a session; today's first page view comes before today's first event, and belongs to it.
        var day = TimeSpan.FromDays(1).TotalMinutes;
        var timeline = Sample.Timeline();
        timeline.Offer(Sample.At(0, "yesterday", "z"));
        timeline.Apply(new DecisionMade(Sample.Decided(day, "first", "a")));
        timeline.Offer(Sample.At(day + 1, "click", "a"));
        timeline.Apply(new DecisionMade(Sample.Decided(day + 2, "second", "d") with { Value = 1 }));
        Assert.Single(NextLessons(timeline));
    }

    [Fact]
    public void The_discount_by_hand_and_changing_it_keeps_the_sums()
    {
        // x = 1 shown 30 times, of which 8 led to a slate worth 0.25: θ = γ·8·0.25/(30 + 10) = 0.05·γ.
        var learner = new Learner(new LearnerOptions { Discount = 0.5 });
        var one = Sample.Features((0, 1));
        for (var i = 1; i <= 30; i++)
        {
            learner.Learn(Sample.Shown(i, 0, ("a", one)));
        }

        for (var i = 31; i <= 38; i++)
        {
            learner.Learn(new Lesson(i, Sample.Noon, null, [], [], [new RewardedItem(Sample.Item("a"), one, RewardType.Next, 1_024)]));
        }

        learner.Advance();
        Assert.Equal(0.025f, learner.Policy().Parameters[0], 6);
        Assert.Equal(0, learner.Rewards);

        var image = learner.Image();
        var other = new Learner(image, new LearnerOptions { Discount = 0.9 });
        Assert.Equal(0.045f, other.Policy().Parameters[0], 6);
        Assert.Equal(0, new Learner(image, new LearnerOptions()).Policy().Parameters[0]);
        Assert.Equal(image.Hash(), other.Image().Hash());
    }

    private static IEnumerable<Lesson> NextLessons(UserTimeline timeline)
        => timeline.Outboxes.SelectMany(pair => pair.Value.Lessons).Where(lesson => lesson.Rewarded.Any(rewarded => rewarded.Type is RewardType.Next));
}
