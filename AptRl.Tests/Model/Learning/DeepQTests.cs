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

public sealed class DeepQTests
{
    private static readonly LearnerOptions Options = new() { Kind = LearnerKind.DeepQ };
    private static readonly FeatureVector Zero = Sample.Features();
    private static readonly FeatureVector One = Sample.Features((0, 1));

    [Fact]
    public void Values_of_a_slate_by_hand()
    {
        // One hidden unit that reads the first feature, h = silu(x), a = 2, v = 3, c = ½. silu(1) = 0.731059, silu(½) = 0.311230.
        // A = (1.462117, 0), V = 3·0.311230 + ½ = 1.433689, mean A = 0.731059: Q = (2.164748, 0.702630).
        var values = Network((0, 1), advantage: 2, value: 3, constant: 0.5f).Values([.. Numbers(One), .. Numbers(Zero)], slate: 2);
        Assert.Equal([2.164748f, 0.702630f], values, (expected, actual) => Math.Abs(expected - actual) < 1e-6);
    }

    [Fact]
    public void The_learner_chooses_what_may_follow_and_the_judge_values_it()
    {
        // The learner likes x0 = 1 best, the judge x1 = 1. r = 0.2, γ = ½, the next slate holds (x0 = 1) and (x1 = 1). The learner chooses the
        // first, of which the judge says V + A - Ā with A = (0, 0.731059), V = 0: -0.365529. So y = 0.2 - ½·0.365529 = 0.017235.
        // Without a double target it would be 0.2 + ½·0.365529.
        var rewards = new RewardTable { Discount = 0.5 };
        var clicked = new RememberedItem(Sample.Item("a"), Zero, [FeatureVector.One], [One, Sample.Features((1, 1))]);
        var idle = new RememberedItem(Sample.Item("b"), Zero, [], []);
        var targets = DeepQGradient.Targets(
            [new RememberedSlate(Sample.Noon, [clicked, idle])], rewards, Network((0, 1), 1, 0, 0), Network((1, 1), 1, 0, 0));
        Assert.Equal([0.017235f, 0], targets, (expected, actual) => Math.Abs(expected - actual) < 1e-6);

        // Where only the written value of the next slate is known, 0.3, it is that: 0.2 + ½·0.3.
        var told = clicked with { Amounts = [FeatureVector.One, 0, 0, 0, 0, 0, (int)(0.3 * FeatureVector.One)], Following = [] };
        Assert.Equal(0.35, DeepQGradient.Targets([new RememberedSlate(Sample.Noon, [told])], rewards, Network((0, 1), 1, 0, 0), Network((1, 1), 1, 0, 0))[0], 3);
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences_also_where_slates_differ_in_length()
    {
        var chance = new Chance(3);
        var slates = new[] { Drawn(2, ref chance), Drawn(3, ref chance) };
        float[] targets = [0.5f, -0.25f, 0, 1, 0, 0.75f];
        var numbers = DeepQNetwork.Fresh(2, 1).Numbers.ToArray();
        for (var i = 2 * FeatureVector.Length; i < numbers.Length; i++)
        {
            numbers[i] = (float)chance.NextNormal();
        }

        var gradient = DeepQGradient.Of(new DeepQNetwork(numbers), slates, targets);
        foreach (var number in (int[])[0, 1, FeatureVector.Length, 2 * FeatureVector.Length, 2 * FeatureVector.Length + 2, 2 * FeatureVector.Length + 5, numbers.Length - 1])
        {
            const float Step = 1e-2f;
            var (more, less) = ((float[])numbers.Clone(), (float[])numbers.Clone());
            more[number] += Step;
            less[number] -= Step;
            Assert.Equal((Loss(more) - Loss(less)) / (2 * Step), gradient[number], 3);
        }

        double Loss(float[] of)
        {
            var (sum, count) = (0.0, 0);
            for (var slate = 0; slate < slates.Length; slate++)
            {
                var items = slates[slate].Items;
                var values = new DeepQNetwork(of).Values([.. items.SelectMany(item => Numbers(item.Features))], items.Length);
                for (var place = 0; place < items.Length; place++, count++)
                {
                    sum += Math.Pow(values[place] - targets[slate * 3 + place], 2);
                }
            }

            return sum / count;
        }
    }

    [Fact]
    public void It_learns_from_a_log_what_no_sum_of_features_can_say()
    {
        // Clicked where exactly one of two features is there. For a regression without a product all four are alike.
        FeatureVector[] kinds = [Zero, One, Sample.Features((1, 1)), Sample.Features((0, 1), (1, 1))];
        var learner = new DeepQLearner(Options with { DeepQ = new DeepQOptions { Width = 16, RowsPerStep = 8, Step = 0.01 } });
        for (var number = 1; number <= 600; number++)
        {
            learner.Learn(Sample.Shown(number, number, [.. kinds.Select((features, kind) => ($"{kind}", features))]));
            learner.Learn(Sample.Rewarded(number, number, "1", kinds[1]));
            learner.Learn(Sample.Rewarded(number, number, "2", kinds[2]));
            learner.Publish();
        }

        // A click is worth 0.2.
        var values = learner.Network.Values([.. kinds.SelectMany(Numbers)], 4);
        Assert.Equal(300, learner.Steps);
        Assert.Equal([0, 0.2f, 0.2f, 0], values, (expected, actual) => Math.Abs(expected - actual) < 0.04);
    }

    [Fact]
    public void A_reward_that_comes_when_its_slate_is_forgotten_is_counted()
    {
        var memory = new SlateMemory(1, [], 0);
        memory.Add(Sample.Shown(1, 1, ("a", One)));
        memory.Add(Sample.Shown(2, 2, ("a", One)));
        memory.Add(Sample.Rewarded(3, 1, "a", One));
        memory.Add(Sample.Rewarded(4, 2, "a", One));
        Assert.Equal(2, memory.Close());
        Assert.Equal((1, 1), (memory.Missed, memory.Slates.Count));
        Assert.Equal(FeatureVector.One, memory.Slates[0].Items[0].AmountOf(RewardType.Click));
    }

    [Fact]
    public void Slates_alike_in_all_but_their_items_are_remembered_in_one_order_whoever_came_first()
    {
        var (one, other) = (new SlateMemory(10, [], 0), new SlateMemory(10, [], 0));
        Lesson[] lessons = [Sample.Shown(1, 1, ("a", One)), Sample.Shown(1, 1, ("b", One)), Sample.Shown(1, 1, ("c", One))];
        lessons.ToList().ForEach(one.Add);
        lessons.Reverse().ToList().ForEach(other.Add);
        Assert.Equal((3, 3), (one.Close(), other.Close()));
        Assert.Equal(one.Slates.Select(slate => slate.Items[0].Item), other.Slates.Select(slate => slate.Items[0].Item));
    }

    [Fact]
    public void Between_publications_any_order_gives_the_same_bits_and_so_does_a_snapshot()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var options = Options with { Discount = 0.5, DeepQ = new DeepQOptions { Width = 4, RowsPerStep = 4, BatchSlates = 4, SlatesMax = 12, TargetEvery = 3 } };
            var chance = new Chance(seed);
            var (inOrder, shuffled) = (new Learner(options), new Learner(options));
            for (var epoch = 0; epoch < 4; epoch++)
            {
                var lessons = Enumerable.Range(epoch * 10, 5).SelectMany(number => LessonsAt(number, ref chance)).ToList();
                lessons.ForEach(inOrder.Learn);
                Sample.Shuffled(lessons, chance).ToList().ForEach(shuffled.Learn);
                inOrder.Advance();
                shuffled.Advance();
                shuffled = new Learner(shuffled.Image(), options);
            }

            return inOrder.Image().Hash() == shuffled.Image().Hash() && inOrder.Image().DeepQ!.Steps == 10;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void The_value_of_a_next_slate_is_taught_with_the_slate_where_a_deep_q_network_learns()
    {
        foreach (var (kind, items) in new[] { (LearnerKind.DeepQ, 2), (LearnerKind.Ridge, 0) })
        {
            var timeline = Sample.Timeline(new WindowOptions
            {
                Scenarios = ImmutableDictionary<ScenarioId, TeachingOptions>.Empty.Add(Sample.Home, new TeachingOptions(new RewardTable(), kind)),
            });
            var first = Sample.Decided(0, "first", "a", "b");
            timeline.Apply(new DecisionMade(first));
            timeline.Offer(Sample.At(1, "click", "a", InteractionKind.SelectItem, first.Id.Value));
            timeline.Apply(new DecisionMade(Sample.Decided(2, "second", "c", "d") with { Value = 0.5 }));
            var next = timeline.Outboxes.Single().Value.Lessons.Single(lesson => lesson.Rewarded.Any(rewarded => rewarded.Type is RewardType.Next));
            Assert.Equal(items, next.Following.Length);
        }
    }

    [Fact]
    public void The_network_ranks_and_a_rule_that_asks_how_unsure_the_regression_is_is_refused()
    {
        var policy = new Learner(Options).Policy().ValuedBy(Network((44, 1), 0, 0, 0.25f));
        Assert.All(
            DecisionMaker.Decide(
                new ScenarioOptions { Id = Sample.Home, Learner = Options },
                new DecisionContext(DecisionId.For(Sample.Ann, Sample.Home, "r"), "r", Sample.Noon, 1, [Sample.Item("a"), Sample.Item("b")], [], null, [1, 0], [], null, null),
                policy, Catalogue.Empty, new NoSpace()).Candidates,
            candidate => Assert.Equal(0.25f, candidate.Score));
        foreach (var kind in (ExplorationKind[])[ExplorationKind.Thompson, ExplorationKind.LinUcb])
        {
            var refused = Assert.Throws<ArgumentException>(() => new ScenarioOptions { Id = Sample.Home, Learner = Options, Exploring = new ExplorationOptions { Kind = kind } }.Checked());
            Assert.Contains("choose inverse-gap, softmax or epsilon-greedy", refused.Message, StringComparison.Ordinal);
        }
    }

    // Two items shown, one of them clicked, and the slate that followed.
    private static IEnumerable<Lesson> LessonsAt(int number, ref Chance chance)
    {
        FeatureVector[] rows = [.. Drawn(4, ref chance).Items.Select(item => item.Features)];
        var shown = Sample.Shown(3 * number + 1, number, ("a", rows[0]), ("b", rows[1]));
        return
        [
            shown,
            Sample.Rewarded(3 * number + 2, number, "a", rows[0]),
            Sample.Rewarded(3 * number + 3, number, "a", rows[0], RewardType.Next) with { Following = [new ShownItem(Sample.Item("c"), rows[2]), new ShownItem(Sample.Item("d"), rows[3])] },
        ];
    }

    private static RememberedSlate Drawn(int count, ref Chance chance)
    {
        var items = ImmutableArray.CreateBuilder<RememberedItem>();
        for (var item = 0; item < count; item++)
        {
            items.Add(new RememberedItem(
                Sample.Item($"{item}"), Sample.Features((0, (float)chance.NextNormal()), (1, (float)chance.NextNormal()), (5, (float)chance.NextNormal())), [], []));
        }

        return new RememberedSlate(Sample.Noon, items.DrainToImmutable());
    }

    private static DeepQNetwork Network((int Feature, float Weight) read, float advantage, float value, float constant)
    {
        var numbers = new float[DeepQNetwork.LengthOf(1)];
        numbers[read.Feature] = read.Weight;
        (numbers[^3], numbers[^2], numbers[^1]) = (advantage, value, constant);
        return new DeepQNetwork(numbers);
    }

    private static float[] Numbers(FeatureVector features) => [.. features.Units.ToArray().Select(unit => unit * (1f / FeatureVector.One))];
}
