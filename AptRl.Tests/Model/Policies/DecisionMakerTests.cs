using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Policies;

public sealed class DecisionMakerTests
{
    private static readonly ScenarioOptions Items = new() { Id = Sample.Home, Count = 3, CountMax = 10 };
    private static readonly LinearPolicy Blank = new Learner(new LearnerOptions()).Policy();
    private static readonly LinearPolicy Learned = PolicyOfAFewClicks();

    [Fact]
    public void A_new_user_of_a_new_shop_gets_a_slate_from_what_the_encoder_knows()
    {
        var decision = DecisionMaker.Decide(Items, Asked("r"), Blank, Catalogue.Empty, new Space(50));
        Assert.Equal(3, decision.Slate.Select(shown => shown.Item).Distinct().Count());
        Assert.All(decision.Slate, shown => Assert.InRange(shown.Propensity, double.Epsilon, 1));
        Assert.Null(decision.SeenThrough);
    }

    [Theory]
    [InlineData(ExplorationKind.InverseGap)]
    [InlineData(ExplorationKind.Softmax)]
    [InlineData(ExplorationKind.Thompson)]
    [InlineData(ExplorationKind.LinUcb)]
    [InlineData(ExplorationKind.EpsilonGreedy)]
    public void A_logged_decision_can_be_drawn_again(ExplorationKind kind)
    {
        var scenario = Items with { Exploring = new ExplorationOptions { Kind = kind, Floor = 0.001, Cap = 0.8 } };
        for (var request = 0; request < 20; request++)
        {
            var decision = DecisionMaker.Decide(scenario, Asked($"{request}"), Learned, Catalogue.Empty, new Space(50));
            var again = DecisionMaker.Redraw(decision);
            Assert.Equal((kind, kind is ExplorationKind.Thompson), (decision.Rule.Kind, decision.IsEstimated));
            Assert.Equal(decision.Slate.Select(shown => shown.Item), again.Select(drawn => decision.Candidates[drawn.Candidate].Item));
            Assert.Equal(decision.Slate.Select(shown => shown.Propensity), again.Select(drawn => drawn.Propensity));
        }
    }

    [Fact]
    public void Thompson_believes_by_the_posterior()
    {
        // A was shown 100 times and clicked 50, b never: with λ = 10 and orthogonal features θ = (0.2·50/110, 0) = (0.0909, 0)
        // and the widths are σ/√110 and σ/√10. P(b better) = P(N(0, σ²(1/110 + 1/10)) > 0.0909) = P(z > 0.0909/0.330) = 0.391 at σ = 1.
        var learner = new Learner(new LearnerOptions());
        var (a, b) = (Sample.Features((0, 1)), Sample.Features((1, 1)));
        for (var i = 1; i <= 100; i++)
        {
            learner.Learn(Sample.Shown(i, 0, ("a", a)));
        }

        for (var i = 101; i <= 150; i++)
        {
            learner.Learn(Sample.Rewarded(i, 0, "a", a));
        }

        learner.Advance();
        var features = new float[2 * FeatureVector.Length];
        (features[0], features[FeatureVector.Length + 1]) = (1, 1);
        var orders = PosteriorOrders.Of(learner.Policy(), features, 1, 20_000, 1, new Chance(3));
        Assert.InRange(orders.Count(first => first == 1) / 20_000.0, 0.391 - 0.014, 0.391 + 0.014); // four standard errors
    }

    [Fact]
    public void Each_filter_keeps_its_items_out_and_is_counted()
    {
        var catalogue = Catalogue.Empty.With(
        [
            new Item(Sample.Item("gone"), false, ["shoes"]), new Item(Sample.Item("hat"), true, ["hats"]),
            new Item(Sample.Item("boot"), true, ["shoes"]), new Item(Sample.Item("owned"), true, ["shoes"]), new Item(Sample.Item("no"), true, ["shoes"]),
        ]);
        var asked = Asked("r", window: [new Touch(new EventId("e"), Sample.Item("owned"), InteractionKind.Purchase, Sample.Noon)]) with
        {
            Own = [.. "gone,hat,boot,owned,no".Split(',').Select(Sample.Item)],
            Exclude = [Sample.Item("no")],
            Category = "shoes",
        };

        var decision = DecisionMaker.Decide(Items, asked, Blank, catalogue, new Space(5));

        Assert.Equal(["boot"], decision.Slate.Select(shown => shown.Item.Value));
        Assert.Equal(["category 1 hat", "excluded 1 no", "purchased 1 owned", "unavailable 1 gone"], Told(decision));
        Assert.Equal(1, decision.Slate[0].Propensity);

        // Of many the first are named, in the order in which they were thought of, and all are counted.
        ItemId[] many = [.. Enumerable.Range(10, 20).Select(number => Sample.Item($"{number}"))];
        var counted = DecisionMaker.Decide(Items, asked with { Own = [Sample.Item("boot"), .. many], Exclude = [.. many], Category = null }, Blank, catalogue, new Space(5));
        Assert.Equal(["excluded 20 10,11,12,13,14,15,16,17"], Told(counted));

        static IEnumerable<string> Told(Decision decision) => decision.Filters.Select(filter => $"{filter.Filter} {filter.Count} {string.Join(',', filter.Items)}");
    }

    [Fact]
    public void The_frequency_cap_leaves_out_what_was_shown_that_often()
    {
        var shown = ImmutableDictionary<ItemId, int>.Empty.Add(Sample.Item("a"), 2).Add(Sample.Item("b"), 1);
        var asked = Asked("r") with { Own = [Sample.Item("a"), Sample.Item("b")], TimesShown = shown };
        var decision = DecisionMaker.Decide(Items with { ShownMax = 2 }, asked, Blank, Catalogue.Empty, new Space(5));
        Assert.Equal(["b"], decision.Slate.Select(item => item.Item.Value));
    }

    [Fact]
    public void A_short_history_explores_more()
    {
        var touches = Enumerable.Range(0, 20).Select(i => new Touch(new EventId($"{i}"), Sample.Item($"i{i}"), InteractionKind.ViewItem, Sample.Noon));
        var cold = DecisionMaker.Decide(Items, Asked("r"), Blank, Catalogue.Empty, new Space(50));
        var warm = DecisionMaker.Decide(Items, Asked("r", window: [.. touches]), Blank, Catalogue.Empty, new Space(50));
        Assert.Equal(Math.Sqrt(1.0 / 21), cold.Gamma / warm.Gamma, 12);
    }

    [Fact]
    public void A_stranger_with_one_touch_and_no_encoder_gets_what_came_next_in_the_shops_sessions()
    {
        var learner = new Learner(new LearnerOptions { PopularMax = 1 });
        for (var session = 0; session < 30; session++)
        {
            learner.Learn(Sample.Touched(1, session, $"i{session % 10}", session: session));
            learner.Learn(Sample.Touched(2, session + 0.5, $"next{session % 10}", session: session));
        }

        learner.Advance();
        var asked = Asked("r", window: [new Touch(new EventId("e"), Sample.Item("i3"), InteractionKind.ViewItem, Sample.Noon)]) with { Exclude = [Sample.Item("i3")] };
        var decision = DecisionMaker.Decide(Items, asked, learner.Policy(), Catalogue.Empty, new Space(0));

        // All are touched alike, so the one popular item is the first by name.
        Assert.Equal(["i0", "next3"], decision.Candidates.Select(candidate => candidate.Item.Value).Order());

        // next3 came after i3 in three sessions of three: all that is said, but for what i3 itself gets.
        var own = DecisionMaker.Decide(
            Items, asked with { Own = [Sample.Item("next3"), Sample.Item("next4")] }, learner.Policy(), Catalogue.Empty, new Space(0));
        var features = own.Slate.ToDictionary(shown => shown.Item.Value, shown => shown.Features.Units[33] / (float)FeatureVector.One);
        Assert.InRange(features["next3"], MathF.Log(1 + 1000 * 0.25f) / 4, MathF.Log(1 + 1000f) / 4);
        Assert.Equal(0, features["next4"]);
    }

    [Fact]
    public void A_learned_policy_puts_what_is_clicked_first()
    {
        var scenario = new ScenarioOptions { Id = Sample.Home, Kind = ScenarioKind.Arms, Arms = [Sample.Item("left"), Sample.Item("right")], Count = 1, CountMax = 2, CandidatesMax = 2 };
        var learner = new Learner(scenario.Learner);
        for (var i = 0; i < 3_000; i++)
        {
            learner.Advance();
            var policy = i % 100 == 0 ? learner.Policy() : Blank;
            var decision = DecisionMaker.Decide(scenario, Asked($"{i}"), policy, Catalogue.Empty, new Space(5));
            learner.Learn(Sample.Shown(2 * i + 1, i / 60.0, (decision.Slate[0].Item.Value, decision.Slate[0].Features)));
            if (decision.Slate[0].Item == Sample.Item("right") && new Chance((ulong)i).NextDouble() < 0.5)
            {
                learner.Learn(Sample.Rewarded(2 * i + 2, i / 60.0, "right", decision.Slate[0].Features));
            }
        }

        learner.Advance();
        var rights = Enumerable.Range(0, 200)
            .Count(i => DecisionMaker.Decide(scenario, Asked($"after {i}"), learner.Policy(), Catalogue.Empty, new Space(5)).Slate[0].Item == Sample.Item("right"));
        Assert.True(rights > 180, $"{rights} of 200");
    }

    [Fact]
    public void Holdouts_take_their_share_of_users_and_a_user_stays_with_one_policy()
    {
        var scenario = Items with { Holdouts = [new Holdout(ScenarioOptions.Uniform, 0.2), new Holdout(ScenarioOptions.MostPopular, 0.1)] };
        var policies = Enumerable.Range(0, 10_000).Select(i => scenario.PolicyOf(new UserId($"{i}"))).ToList();
        Assert.InRange(policies.Count(policy => policy == ScenarioOptions.Uniform), 1_850, 2_150);       // 2000 ± 4·40
        Assert.InRange(policies.Count(policy => policy == ScenarioOptions.MostPopular), 880, 1_120);     // 1000 ± 4·30
        Assert.Equal(scenario.PolicyOf(Sample.Ann), scenario.PolicyOf(Sample.Ann));
    }

    [Fact]
    public void The_uniform_holdout_draws_each_candidate_with_the_same_probability()
    {
        var scenario = Items with { Holdouts = [new Holdout(ScenarioOptions.Uniform, 0.999)] };
        var decision = DecisionMaker.Decide(scenario, Asked("r"), Blank, Catalogue.Empty, new Space(40));
        Assert.Equal(ScenarioOptions.Uniform, decision.Policy);
        var count = decision.Candidates.Length;
        Assert.Equal([1.0 / count, 1.0 / (count - 1), 1.0 / (count - 2)], decision.Slate.Select(shown => Math.Round(shown.Propensity, 12)).Select((p, i) => Math.Abs(p - 1.0 / (count - i)) < 1e-9 ? 1.0 / (count - i) : p));
    }

    private static LinearPolicy PolicyOfAFewClicks()
    {
        var learner = new Learner(new LearnerOptions());
        for (var i = 0; i < 40; i++)
        {
            var features = Sample.Features((i % 3, 1), (44, 1), (47, 1));
            learner.Learn(Sample.Shown(2 * i + 1, i, ($"i{i}", features)));
            learner.Learn(Sample.Rewarded(2 * i + 2, i, $"i{i}", features, i % 3 == 0 ? RewardType.Click : RewardType.Dismiss));
        }

        learner.Advance();
        return learner.Policy();
    }

    private static DecisionContext Asked(string request, ImmutableArray<Touch> window = default)
        => new(DecisionId.For(Sample.Ann, Sample.Home, request), request, Sample.Noon, 3, [], [], null, [1, 0, 0, 0], window.IsDefault ? [] : window, null, null);

    private sealed class Space(int count) : IItemSpace
    {
        public string Version => "space";

        public int Width => 4;

        public IReadOnlyList<ItemId> Items { get; } = [.. Enumerable.Range(0, count).Select(i => new ItemId($"i{i}"))];

        public ReadOnlySpan<float> VectorOf(ItemId item) => StableHash.Of(item.Value) % 2 == 0 ? [1f, 0f, 0f, 0f] : [0f, 1f, 0f, 0f];

        public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [.. Items.Take(count)];
    }
}
