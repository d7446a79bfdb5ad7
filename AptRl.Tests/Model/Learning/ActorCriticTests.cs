using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Exploration;
using AptRl.Model.Learning;
using AptRl.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Learning;

public sealed class ActorCriticTests
{
    private static readonly LearnerOptions Options = new() { Kind = LearnerKind.ActorCritic };
    private static readonly FeatureVector[] Features = [Sample.Features((0, 1)), Sample.Features((1, 1)), Sample.Features((2, 1))];

    [Fact]
    public void One_step_by_hand()
    {
        // Two items with x = e0 and e1, shown with β = 0.5 each, φ = v = 0: shares ½, x̄ = (½, ½), π = β·K·½ = ½.
        // The first is clicked, r = 0.2: w = K·½ = 1, λ = 2·(1 - ½) = 1, so G = 0.2·(e0 - x̄) = (0.1, -0.1).
        // Adagrad with η = 0.3: G/√(0.01 + 10⁻⁶) ≈ ±0.99995, φ = ±0.299985. The critic: 0.2·x̄ = (0.1, 0.1), v = 0.1·0.99995.
        var learner = new ActorCriticLearner(Options);
        learner.Learn(Slate(1, 0, (0, 0.5), (1, 0.5)));
        learner.Learn(Click(2, 0, 0, (0, 0.5), (1, 0.5)));
        learner.Publish();
        Assert.Equal(0.299985, learner.Actor[0], 6);
        Assert.Equal(-0.299985, learner.Actor[1], 6);
        Assert.Equal(0.099995, learner.Critic[0], 6);
        Assert.Equal(0.099995, learner.Critic[1], 6);
    }

    [Fact]
    public void The_weight_is_what_the_policy_shows_over_what_was_shown_and_capped()
    {
        // β = 0.9 and 0.1: shares 1/9·… p = (1/0.9, 1/0.1)/Σ = (0.1, 0.9), so w = 2·0.9 = 1.8 for the second and 1 where capped at 1;
        // π = 0.1·1.8 = 0.18, λ = 2·0.82 = 1.64; direction e1 - x̄ = (-0.1, 0.1), r = 0.2.
        foreach (var (cap, weight) in new[] { (10.0, 1.8), (1.0, 1.0) })
        {
            var learner = new ActorCriticLearner(Options with { ActorCritic = new ActorCriticOptions { WeightMax = cap, Step = 1 } });
            learner.Learn(Click(1, 0, 1, (0, 0.9), (1, 0.1)));
            learner.Publish();
            var gradient = weight * 1.64 * 0.2 * 0.1;
            Assert.Equal(gradient / Math.Sqrt(gradient * gradient + 1e-6), learner.Actor[1], 6);
            Assert.Equal(gradient * gradient, learner.Image().ActorSquares[1], 9);
        }
    }

    [Fact]
    public void It_learns_in_a_world_where_one_item_of_three_is_clicked()
    {
        var learner = new ActorCriticLearner(Options);
        var chance = new Chance(7);
        var number = 0L;
        for (var step = 0; step < 2_000; step++)
        {
            // One item is drawn by the policy, as the slate of one that it is.
            var weights = Features.Select((_, item) => FixedExponential.Of(learner.Actor[item])).ToArray();
            var (uniform, drawn) = (chance.NextDouble() * weights.Sum(), 0);
            while (drawn < 2 && (uniform -= weights[drawn]) >= 0)
            {
                drawn++;
            }

            var second = (drawn + 1 + chance.Next(2)) % 3;
            (int, double)[] slate = [(drawn, weights[drawn] / weights.Sum()), (second, 0.5)];
            learner.Learn(Slate(++number, step, slate));
            foreach (var (item, rate) in new[] { (drawn, drawn == 1 ? 0.5 : 0.1), (second, second == 1 ? 0.5 : 0.1) })
            {
                if (chance.NextDouble() < rate)
                {
                    learner.Learn(Click(++number, step, item, slate));
                }
            }

            if (step % 10 == 9)
            {
                learner.Publish();
            }
        }

        var total = Features.Select((_, item) => FixedExponential.Of(learner.Actor[item])).Sum();
        Assert.True(FixedExponential.Of(learner.Actor[1]) / total > 0.9, $"π = {FixedExponential.Of(learner.Actor[1]) / total}");
    }

    [Fact]
    public void Between_publications_any_order_gives_the_same_bits_and_so_does_a_snapshot()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var chance = new Chance(seed);
            var lessons = Enumerable.Range(1, 40).Select(number => Drawn(number, ref chance)).ToList();
            var (inOrder, shuffled) = (new Learner(Options), new Learner(Options));
            foreach (var epoch in lessons.Chunk(10))
            {
                epoch.ToList().ForEach(inOrder.Learn);
                Sample.Shuffled(epoch, chance).ToList().ForEach(shuffled.Learn);
                inOrder.Advance();
                shuffled.Advance();
                shuffled = new Learner(shuffled.Image(), Options);
            }

            return inOrder.Image().Hash() == shuffled.Image().Hash();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_snapshot_of_another_kind_is_refused_with_the_way_out()
        => Assert.EndsWith(
            "delete the snapshots file, the journal rebuilds it",
            Assert.Throws<InvalidOperationException>(() => new Learner(new Learner(new LearnerOptions()).Image(), Options)).Message);

    private static ImmutableArray<ShownItem> Shown((int Item, double Propensity)[] slate)
        => [.. slate.Select(shown => new ShownItem(Sample.Item($"{shown.Item}"), Features[shown.Item]) { Propensity = shown.Propensity })];

    private static Lesson Slate(long number, double minute, params (int Item, double Propensity)[] slate)
        => new(number, Sample.Noon.AddMinutes(minute), null, [], Shown(slate), []);

    private static Lesson Click(long number, double minute, int item, params (int Item, double Propensity)[] slate)
        => Sample.Rewarded(number, minute, $"{item}", Features[item]) with { Slate = Shown(slate) };

    private static Lesson Drawn(int number, ref Chance chance)
    {
        (int, double)[] slate = [(0, 0.1 + 0.8 * chance.NextDouble()), (1 + chance.Next(2), 0.1 + 0.8 * chance.NextDouble())];
        return chance.Next(2) == 0 ? Slate(number, chance.Next(600), slate) : Click(number, chance.Next(600), slate[chance.Next(2)].Item1, slate);
    }
}
