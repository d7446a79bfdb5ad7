using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Policies;

public sealed class SessionTopicTests
{
    private static readonly Catalogue ShoesAndHats = Catalogue.Empty.With(
    [
        new Item(Sample.Item("boot"), true, ["shoes", "winter"]), new Item(Sample.Item("sandal"), true, ["shoes"]),
        new Item(Sample.Item("cap"), true, ["hats"]), new Item(Sample.Item("pen"), true, []),
    ]);

    [Fact]
    public void A_view_makes_its_category_likelier_by_the_share_of_views_that_are_about_the_session()
    {
        // Two categories: ½ each before, and a view is (0.8 + 0.1)/0.1 = 9 times as likely in a session about its own.
        var topic = Topic(0, ("boot", InteractionKind.ViewItem));
        Assert.Equal(0.9f, topic["shoes"], 1e-6f);
        Assert.Equal(0.1f, topic["hats"], 1e-6f);
        Assert.Equal("shoes", topic.Newest);
    }

    [Fact]
    public void A_click_on_a_slate_moves_half_of_the_belief_to_what_was_clicked()
    {
        var topic = Topic(0, ("boot", InteractionKind.ViewItem), ("cap", InteractionKind.SelectItem));
        Assert.Equal(0.45f, topic["shoes"], 1e-6f);
        Assert.Equal(0.05f + 0.5f, topic["hats"], 1e-6f);
    }

    [Fact]
    public void What_the_user_touched_in_earlier_sessions_is_where_a_session_begins()
    {
        // Hats twice before: ¼ shoes and ¾ hats; then 9 · ¼ against ¾.
        var topic = Topic(2, ("cap", InteractionKind.ViewItem), ("cap", InteractionKind.ViewItem), ("boot", InteractionKind.ViewItem));
        Assert.Equal(0.25f, topic.ShareBefore("shoes"), 1e-6f);
        Assert.Equal(0.75f, topic["shoes"], 1e-6f);
    }

    [Fact]
    public void Items_without_a_category_say_nothing()
    {
        var topic = Topic(0, ("pen", InteractionKind.ViewItem), ("unheard-of", InteractionKind.ViewItem));
        Assert.Equal(0.5f, topic["shoes"], 1e-6f);
        Assert.Null(topic.Newest);
        Assert.Equal(0, Topic(0, ("boot", InteractionKind.ViewItem))[null]);
    }

    [Fact]
    public void A_decision_knows_what_the_session_is_about_and_what_the_user_just_saw()
    {
        // The boot was seen one and two days ago: ½ + ¼, halved. The cap was bought a day ago: 3 · ½, halved. Now a sandal is looked at.
        ImmutableArray<Touch> window =
        [
            Seen("boot", InteractionKind.ViewItem, 48), Seen("boot", InteractionKind.ViewItem, 24), Seen("cap", InteractionKind.Purchase, 24),
            Seen("sandal", InteractionKind.ViewItem, 0.1),
        ];
        var context = new DecisionContext(
            DecisionId.For(Sample.Ann, Sample.Home, "r"), "r", Sample.Noon, 2, [Sample.Item("boot"), Sample.Item("cap")], [], null, [], window, null, null);
        var scenario = new ScenarioOptions { Id = Sample.Home, Count = 2, ExcludePurchased = false };

        var decision = DecisionMaker.Decide(scenario, context, new Learner(new LearnerOptions()).Policy(), ShoesAndHats, new NoSpace());

        // Before: (1 + 2)/5 shoes, (1 + 1)/5 hats. Now 9 · 0.6 against 0.4.
        var (boot, cap) = (FeaturesOf("boot"), FeaturesOf("cap"));
        Assert.Equal((5.4f / 5.8f, 0.4f / 5.8f), (boot[48], cap[48]), Near);
        Assert.Equal((1f, 0f), (boot[50], cap[50]), Near);
        Assert.Equal((MathF.Log(0.6f) / 4, MathF.Log(0.4f) / 4), (boot[51], cap[51]), Near);
        Assert.Equal((0.375f, 0.75f), (boot[52], cap[52]), Near);
        Assert.Equal((0.375f * boot[48], 0.75f * cap[48]), (boot[56], cap[56]), Near);

        float[] FeaturesOf(string item)
            => [.. decision.Slate.Single(shown => shown.Item == Sample.Item(item)).Features.Units.ToArray().Select(unit => unit / (float)FeatureVector.One)];
    }

    private static bool Near((float, float) expected, (float, float) actual)
        => Math.Abs(expected.Item1 - actual.Item1) < 3e-4f && Math.Abs(expected.Item2 - actual.Item2) < 3e-4f;

    private static Touch Seen(string item, InteractionKind kind, double hoursAgo)
        => new(new EventId($"{item}{hoursAgo}"), Sample.Item(item), kind, Sample.Noon.AddHours(-hoursAgo));

    private static SessionTopic Topic(int start, params (string Item, InteractionKind Kind)[] touches)
        => new(ShoesAndHats, [.. touches.Select((touch, i) => new Touch(new EventId($"{i}"), Sample.Item(touch.Item), touch.Kind, Sample.Noon.AddMinutes(i)))], start);
}
