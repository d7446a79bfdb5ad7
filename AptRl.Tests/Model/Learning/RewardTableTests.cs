using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Learning;

public sealed class RewardTableTests
{
    private static readonly Decision Shown = Sample.Decided(0, "r", "a", "b");

    [Fact]
    public void The_money_of_a_purchase_is_shared_out_and_a_refund_takes_it_back()
    {
        // 60 for two items is 30 each, 0.3 of a unit of 100: 1,229 of 4,096.
        var timeline = Timeline(new RewardTable());
        timeline.Offer(Bought("buy", InteractionKind.Purchase, 60, 1, "a,b"));
        Assert.Equal(1_229, timeline.Decisions[0].AmountOf(1, RewardType.Value));
        Assert.Equal(4_096, timeline.Decisions[0].AmountOf(1, RewardType.Purchase));

        timeline.Offer(Bought("back", InteractionKind.Refund, 30, 2, "b"));
        Assert.Equal((1_229, 0), (timeline.Decisions[0].AmountOf(0, RewardType.Value), timeline.Decisions[0].AmountOf(1, RewardType.Value)));
        Assert.Equal(0, timeline.Decisions[0].AmountOf(1, RewardType.Purchase));

        timeline.Offer(Bought("back again", InteractionKind.Refund, 30, 3, "b"));
        Assert.Equal(0, timeline.Decisions[0].AmountOf(1, RewardType.Value));
    }

    [Fact]
    public void Money_is_cut_at_the_bound_and_without_money_there_is_no_value()
    {
        Assert.Equal(5 * 4_096, new RewardTable().AmountOf(100_000));
        Assert.Equal(0, new RewardTable().AmountOf(-3));
        var timeline = Timeline(new RewardTable());
        timeline.Offer(Sample.At(1, "buy", "a", InteractionKind.Purchase));
        Assert.Equal([RewardType.Purchase], timeline.Decisions[0].Rewards.Select(by => by.Reward.Type));
    }

    [Fact]
    public void A_table_has_its_own_times_of_attribution()
    {
        var patient = Timeline(new RewardTable { ClickAttribution = TimeSpan.FromHours(2) });
        var hasty = Timeline(new RewardTable { ClickAttribution = TimeSpan.FromMinutes(5) });
        foreach (var timeline in (UserTimeline[])[patient, hasty])
        {
            timeline.Offer(Sample.At(45, "late click", "a"));
        }

        Assert.Equal((1, 0), (patient.RewardsJoined, hasty.RewardsJoined));
    }

    [Theory]
    [InlineData(6.0, 100.0, 0.0)]
    [InlineData(0.0, 0.0, 0.0)]
    [InlineData(0.0, 100.0, 1.0)]
    [InlineData(double.NaN, 100.0, 0.0)]
    public void A_table_that_makes_no_sense_is_refused(double weight, double unit, double discount)
        => Assert.Throws<ArgumentException>(() => new RewardTable
        {
            Weights = weight == 6 ? [1, 2, 3, 4, 5, 6, 7] : [weight, 0, 0, 0, 0], ValueUnit = unit, Discount = discount,
        }.Checked());

    [Fact]
    public void Another_table_or_exploration_keeps_the_model()
    {
        var learner = new Learner(new LearnerOptions());
        var one = Sample.Features((0, 1));
        for (var i = 1; i <= 30; i++)
        {
            learner.Learn(Sample.Shown(i, 0, ("a", one)));
        }

        learner.Learn(Sample.Rewarded(31, 0, "a", one));
        learner.Learn(Sample.Rewarded(32, 0, "a", one, RewardType.Purchase));
        learner.Advance();
        var image = learner.Image();
        Assert.Equal(1.2f / 40, learner.Policy().Parameters[0], 6); // (0.2 + 1.0)/(30 + 10)

        var scenario = new ScenarioOptions
        {
            Id = Sample.Home, Exploring = new ExplorationOptions { Kind = ExplorationKind.Softmax },
            Learner = new LearnerOptions { Rewards = new RewardTable { Name = "margin", Version = 2, Weights = [0, 0, 4, 0, 0, 0] } },
        };
        var other = new Learner(image, scenario.Checked().Learner);
        Assert.Equal(image.Hash(), other.Image().Hash());
        Assert.Equal(4f / 40, other.Policy().Parameters[0], 6);
    }

    [Fact]
    public void Rewards_that_come_late_shuffled_and_twice_give_the_same_parameters_to_the_bit()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var chance = new Chance(seed);
            var decisions = Enumerable.Range(0, 12)
                .Select(i => Sample.Decided(20 * i, $"{i}", [.. Enumerable.Range(0, 1 + chance.Next(4)).Select(item => $"{(i + item) % 7}")])).ToList();
            var rewards = new List<Interaction>();
            foreach (var decision in decisions)
            {
                foreach (var shown in decision.Slate.Where(_ => chance.Next(2) == 0))
                {
                    var kind = new[] { InteractionKind.SelectItem, InteractionKind.AddToCart, InteractionKind.Purchase, InteractionKind.Dismiss }[chance.Next(4)];
                    rewards.Add(new Interaction(
                        new EventId($"{decision.RequestId}-{shown.Item}-{kind}"), Sample.Ann, kind, decision.At.AddMinutes(chance.Next(29)), [shown.Item],
                        value: 250 * chance.NextDouble(), recommendationId: decision.Id.Value));
                }
            }

            // In order: each decision and then its rewards, a publication after each. Late: all decisions first, then the rewards
            // shuffled and every one of them twice, published anywhere.
            var inOrder = Fold(decisions.SelectMany(decision => rewards
                .Where(reward => reward.RecommendationId == decision.Id.Value).OrderBy(reward => reward.At).Cast<object>().Prepend(decision)), 1);
            var late = Fold(decisions.Cast<object>().Concat(Sample.Shuffled(rewards.Concat(rewards), chance)), 1 + chance.Next(9));
            Assert.Equal(inOrder.Rewards, late.Rewards);
            Assert.True(inOrder.Policy().Parameters.SequenceEqual(late.Policy().Parameters), $"seed {seed}");
            var (one, other) = (inOrder.Image().Buckets, late.Image().Buckets);
            Assert.Equal(one.Select(bucket => bucket.Bucket), other.Select(bucket => bucket.Bucket));
            for (var i = 0; i < one.Length; i++)
            {
                Assert.True(one[i].Statistics.Gram.SequenceEqual(other[i].Statistics.Gram), $"seed {seed}");
                Assert.True(one[i].Statistics.Rewards.SequenceEqual(other[i].Statistics.Rewards), $"seed {seed}");
            }
        }).QuickCheckThrowOnFailure();

    private static Learner Fold(IEnumerable<object> history, int publishEvery)
    {
        var timeline = new UserTimeline(Sample.Ann, new WindowOptions());
        var learner = new Learner(new LearnerOptions());
        var step = 0;
        foreach (var one in history)
        {
            if (one is Interaction interaction)
            {
                timeline.Offer(interaction);
            }
            else
            {
                timeline.Apply(new DecisionMade((Decision)one));
            }

            foreach (var (scenario, outbox) in timeline.Outboxes.ToList())
            {
                outbox.Lessons.ToList().ForEach(learner.Learn);
                timeline.Apply(new LessonsSettled(scenario, outbox.Next - 1));
            }

            if (++step % publishEvery == 0)
            {
                learner.Advance();
            }
        }

        learner.Advance();
        return learner;
    }

    private static UserTimeline Timeline(RewardTable table)
        => Sample.Timeline(
            new WindowOptions { Scenarios = ImmutableDictionary<ScenarioId, TeachingOptions>.Empty.Add(Sample.Home, new TeachingOptions(table, LearnerKind.Ridge)) },
            new DecisionMade(Shown));

    private static Interaction Bought(string id, InteractionKind kind, double money, double minute, string items)
        => new(new EventId(id), Sample.Ann, kind, Sample.Noon.AddMinutes(minute), [.. items.Split(',').Select(Sample.Item)], value: money);
}
