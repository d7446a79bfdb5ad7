using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.Rewards;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.OffPolicy.Synthetic;
using AptRl.Model.Policies;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.OffPolicy;

public sealed class SlateTests
{
    private static readonly float[] Scores = [0.9f, 0.9f, 0.5f, 0.2f, 0.1f];

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(300)]
    public void The_logging_policy_gives_back_the_propensities_of_a_draw_to_the_bit(double gamma)
    {
        for (var key = 0UL; key < 200; key++)
        {
            var drawn = SlateDraw.Draw(Scores, gamma, 3, new Chance(key));
            var slate = SlateOf(gamma, drawn.Select(one => new LoggedPlace(one.Candidate, one.Propensity, 0)));
            var (shown, probabilities) = (new bool[Scores.Length], new double[Scores.Length]);
            foreach (var place in slate.Places)
            {
                InverseGapSlates.Logging.FillNext(slate, shown, probabilities);
                Assert.Equal(place.Propensity, probabilities[place.Candidate]);
                shown[place.Candidate] = true;
            }
        }
    }

    [Fact]
    public void Weights_of_a_slate_multiply_from_the_top()
    {
        // Drawn uniformly, 1/5 and 1/4; the greedy target wants candidate 0, then 1.
        var wanted = SlateOf(0, [new LoggedPlace(0, 1 / 5.0, 1), new LoggedPlace(1, 1 / 4.0, 0)]);
        var other = SlateOf(0, [new LoggedPlace(0, 1 / 5.0, 1), new LoggedPlace(3, 1 / 4.0, 0)]);
        var log = SlateFitting.Weigh([wanted, other], InverseGapSlates.Logging, BestFirstSlates.Greedy, null, 2, 1, TestContext.Current.CancellationToken);

        Assert.Equal([5, 20], log.Rounds[0].Places.Select(place => Math.Round(place.Weight, 9)));
        Assert.Equal([5, 0], log.Rounds[1].Places.Select(place => Math.Round(place.Weight, 9)));

        // Uniform puts anything anywhere with 1/5, greedy candidate 1 second with certainty.
        Assert.Equal([5, 5], log.Rounds[0].Places.Select(place => Math.Round(place.PositionWeight, 9)));
        Assert.Equal(0, log.Unsupported);
    }

    [Fact]
    public void A_greedy_log_does_not_support_another_order()
    {
        var slate = SlateOf(SlateDraw.Greedy, [new LoggedPlace(0, 0.8, 1)]);
        var log = SlateFitting.Weigh([slate, slate], InverseGapSlates.Logging, InverseGapSlates.Uniform, null, 2, 1, TestContext.Current.CancellationToken);

        // Of five candidates two are equally good; the other three are shown by the target with 3/5, by the log never.
        Assert.Equal(0.6, log.Unsupported, 12);
    }

    [Fact]
    public void Drawn_prefixes_give_what_the_sum_over_all_of_them_gives()
    {
        // 8 candidates, 3 positions: 1 + 8 + 56 prefixes are summed. With 42 more, which are never shown, they are drawn.
        var few = Enumerable.Range(0, 8).Select(i => 0.5f - i / 20f).ToArray();
        var many = few.Concat(Enumerable.Repeat(-1e30f, 42)).ToArray();
        LoggedPlace[] places = [new(2, 0.1, 0), new(0, 0.1, 0), new(5, 0.1, 0)];
        Assert.True(PositionMarginals.IsExact(8, 3));
        Assert.False(PositionMarginals.IsExact(50, 3));

        var summed = PositionMarginals.Of(SlateOf(few, 20, places), Softened, new Chance(1));
        var drawn = Enumerable.Range(0, 400).Select(i => PositionMarginals.Of(SlateOf(many, 20, places), Softened, new Chance((ulong)i))).ToArray();
        for (var position = 0; position < 3; position++)
        {
            Assert.Equal(summed[position], drawn.Average(one => one[position]), 0.003);
        }

        // By hand: second place to candidate 0 is 1/8 · Σ over seven others of 1/7 where all are alike.
        Assert.All(PositionMarginals.Of(SlateOf(few, 0, places), InverseGapSlates.Uniform, new Chance(1)), marginal => Assert.Equal(1 / 8.0, marginal, 12));
    }

    [Fact]
    public void In_a_page_read_from_the_top_the_cascade_estimators_find_the_truth_and_the_independent_one_does_not()
    {
        var world = new CascadeWorld(7);
        var (truth, logged) = (world.ValueOf(world.Target), world.ValueOf(world.Logging));
        var slates = world.Draw(40_000, new Chance(2));
        Assert.Equal(logged, slates.Average(slate => slate.Places.Sum(place => place.Reward)), 0.02);

        var weighing = Errors(slates, null);
        Assert.All((string[])["slate-ips", "cascade-ips", "cascade-snips"], name => Assert.InRange(weighing[name], -3, 3));
        Assert.False(Math.Abs(weighing["position-ips"]) < 4, $"position-ips is {weighing["position-ips"]:F1} standard errors off");
        Assert.InRange(Errors([.. slates.Take(4_000)], new LogisticRewards())["cascade-dr"], -3, 3);

        // How many standard errors each is off: an interval is 3.92 of them wide.
        Dictionary<string, double> Errors(IReadOnlyList<LoggedSlate> log, IRewardTrainer? trainer)
        {
            var options = new OffPolicyOptions { Trainer = trainer, Resamples = 100 };
            var evaluation = OffPolicyEvaluation.Of(log, world.Logging, world.Target, options, TestContext.Current.CancellationToken);
            Assert.Equal(VerdictKind.Better, evaluation.Verdict.Kind);
            return evaluation.Estimates.ToDictionary(estimate => estimate.Name, estimate => (estimate.Value - truth) / ((estimate.High - estimate.Low) / 3.92));
        }
    }

    [Fact]
    public void Decisions_of_the_journal_become_slates_with_the_rewards_that_were_not_taken_back()
    {
        var log = new DecisionLog(countMax: 3);
        var (first, second) = (Decided(10, "r1"), Decided(30, "r2"));
        log.Apply(Accepted(Sample.At(-8 * 24 * 60, "e0", "a")));
        log.Apply(Accepted(Sample.At(5, "e1", "b")));
        log.Apply(new DecisionMade(first));
        log.Apply(Accepted(Sample.At(11, "e2", "b", InteractionKind.SelectItem), new JoinedReward(first.Id, 1, RewardType.Click, FeatureVector.One)));
        log.Apply(Accepted(Sample.At(12, "e3", "b", InteractionKind.AddToCart), new JoinedReward(first.Id, 1, RewardType.Cart, FeatureVector.One)));
        log.Apply(Accepted(Sample.At(13, "e4", "b", InteractionKind.RemoveFromCart), new JoinedReward(first.Id, 1, RewardType.Cart, -FeatureVector.One)));
        log.Apply(new DecisionMade(second));
        log.Apply(new DecisionMade(second with { Id = DecisionId.For(Sample.Ann, Sample.Home, "r3"), Policy = ScenarioOptions.Uniform }));

        var clicks = log.Slates(Sample.Home, RewardType.Click, positions: 2);
        Assert.Equal(2, clicks.Count);
        Assert.Equal([0, 1], clicks[0].Places.Select(place => place.Reward));
        Assert.Equal([0, 0], log.Slates(Sample.Home, RewardType.Cart, 2)[0].Places.Select(place => place.Reward));
        Assert.Equal([1, 1], log.Slates(Sample.Home, RewardType.Click, 1).Select(slate => slate.Places.Count));

        // Before the first decision b was touched once within a week, a nine days ago; before the second b four times.
        Assert.Equal([0, 1, 0], clicks[0].Popularity);
        Assert.Equal([0, 4, 0], clicks[1].Popularity);
        Assert.Equal([("learned", 2, 0.5), ("uniform", 1, 0)], log.ByPolicy(Sample.Home, RewardType.Click, 2));

        // A fourth: the first is forgotten, with the only click.
        log.Apply(new DecisionMade(second with { Id = DecisionId.For(Sample.Ann, Sample.Home, "r4") }));
        Assert.Equal([("learned", 2, 0.0), ("uniform", 1, 0)], log.ByPolicy(Sample.Home, RewardType.Click, 2));
    }

    private static ISlatePolicy Softened { get; } = new InverseGapOrNever();

    private static Decision Decided(double minute, string request)
        => Sample.Decided(minute, request, "a", "b") with
        {
            Candidates = [new(new ItemId("a"), 0.3f), new(new ItemId("b"), 0.2f), new(new ItemId("c"), 0.1f)],
        };

    private static InteractionAccepted Accepted(Interaction interaction, params JoinedReward[] rewards) => new(interaction, [], [.. rewards]);

    private static LoggedSlate SlateOf(double gamma, IEnumerable<LoggedPlace> places) => SlateOf(Scores, gamma, places);

    private static LoggedSlate SlateOf(float[] scores, double gamma, IEnumerable<LoggedPlace> places)
        => new(0, [1], [.. scores.Select(score => new[] { score })], scores, gamma, [], [.. places]);

    // Candidates below -1 are never shown, so that they change no probability.
    private sealed class InverseGapOrNever : ISlatePolicy
    {
        public string Name => "softened";

        public void FillNext(LoggedSlate slate, ReadOnlySpan<bool> shown, Span<double> probabilities)
        {
            var sum = 0.0;
            for (var i = 0; i < shown.Length; i++)
            {
                sum += probabilities[i] = shown[i] || slate.Scores[i] < -1 ? 0 : Math.Exp(5 * slate.Scores[i]);
            }

            for (var i = 0; i < shown.Length; i++)
            {
                probabilities[i] /= sum;
            }
        }
    }
}
