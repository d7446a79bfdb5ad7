using AptRl.Model.Events;
using AptRl.Model.Exploration;
using AptRl.Model.Policies;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Exploration;

public sealed class ExplorationTests
{
    private static readonly int[] None = [];

    [Fact]
    public void Softmax_by_hand()
    {
        // Scores ln 4, ln 2, 0 at temperature 1: weights 4, 2, 1 of 7. After the first, 2 and 1 of 3.
        var scores = new[] { MathF.Log(4), MathF.Log(2), 0f };
        foreach (var slate in Slates(ExplorationKind.Softmax, scores, 1, 2))
        {
            Assert.Equal(new[] { 4 / 7.0, 2 / 7.0, 1 / 7.0 }[slate[0].Candidate], slate[0].Propensity, 6);
            if (slate[0].Candidate == 0)
            {
                Assert.Equal(slate[1].Candidate == 1 ? 2 / 3.0 : 1 / 3.0, slate[1].Propensity, 6);
            }
        }
    }

    [Fact]
    public void Epsilon_greedy_by_hand()
    {
        // ε = 0.3 over three: 0.1 each, the best has 0.7 more. Over two: 0.15, and 0.85.
        foreach (var slate in Slates(ExplorationKind.EpsilonGreedy, [3f, 2f, 1f], 0.3, 2))
        {
            Assert.Equal(slate[0].Candidate == 0 ? 0.8 : 0.1, slate[0].Propensity, 12);
            Assert.Equal(slate[1].Explored ? 0.15 : 0.85, slate[1].Propensity, 12);
        }
    }

    [Fact]
    public void An_upper_confidence_bound_is_shown_for_certain_and_with_a_floor_almost()
    {
        Assert.All(Slates(ExplorationKind.LinUcb, [3f, 2f, 1f], 0.3, 3), slate => Assert.Equal([1, 1, 1], slate.Select(drawn => drawn.Propensity)));

        // A floor of 0.05 over three: the best has 1 - 2·0.05.
        Assert.All(
            Slates(ExplorationKind.LinUcb, [3f, 2f, 1f], 0.3, 1, floor: 0.05),
            slate => Assert.Equal(slate[0].Candidate == 0 ? 0.9 : 0.05, slate[0].Propensity, 12));
    }

    [Fact]
    public void Thompson_shares_out_by_the_draws_that_put_an_item_first_of_what_is_left()
    {
        // Four draws of the posterior over three candidates, two of each told: 0 first in two, 1 in one, 2 in one.
        int[] orders = [0, 1, 0, 2, 1, 0, 2, 0];
        foreach (var slate in Slates(ExplorationKind.Thompson, [3f, 2f, 1f], 0.1, 2, orders: orders))
        {
            Assert.Equal(slate[0].Candidate == 0 ? 0.5 : 0.25, slate[0].Propensity, 12);

            // With 0 gone the draws say 1, 2, 1, 2; with 1 gone 0, 0, 0, 2; with 2 gone 0, 0, 1, 0.
            Assert.Equal(slate[0].Candidate switch { 0 => 0.5, _ => slate[1].Candidate == 0 ? 0.75 : 0.25 }, slate[1].Propensity, 12);
        }
    }

    [Fact]
    public void The_cap_is_what_exploration_may_cost_and_wins_over_the_floor()
    {
        // Uniform over four would explore 0.75: cut to 0.3, that is 0.1 each. A floor of 0.2 of each cannot be kept.
        Assert.All(
            Slates(ExplorationKind.InverseGap, [3f, 2f, 1f, 0f], 0, 1, cap: 0.3),
            slate => Assert.Equal(slate[0].Candidate == 0 ? 0.7 : 0.1, slate[0].Propensity, 12));
        Assert.All(
            Slates(ExplorationKind.LinUcb, [3f, 2f, 1f, 0f], 0, 1, floor: 0.2, cap: 0.3),
            slate => Assert.Equal(slate[0].Candidate == 0 ? 1 - 3 * 0.075 : 0.075, slate[0].Propensity, 12)); // 0.3 / 4
    }

    [Fact]
    public void At_every_stage_all_rules_share_out_1_and_keep_floor_and_cap()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var chance = new Chance(seed);
            var scores = Scores(ref chance);
            var (floor, cap) = (chance.Next(2) * 0.1 * chance.NextDouble(), chance.Next(2) == 0 ? 1 : 0.05 + 0.9 * chance.NextDouble());
            var kind = (ExplorationKind)chance.Next(5);
            var parameter = kind is ExplorationKind.EpsilonGreedy ? chance.NextDouble() : 3 * chance.NextDouble();
            var left = Enumerable.Range(0, scores.Length).Where(_ => true).ToList();
            var orders = kind is ExplorationKind.Thompson ? Orders(scores.Length, ref chance) : None;
            while (left.Count > 0)
            {
                // One slate a stage would give one number; the rule itself gives them all.
                var shares = new double[left.Count];
                Explorations.Of(kind).Fill(new Stage(left.Select(i => scores[i]).ToArray(), left.ToArray(), parameter, orders, scores.Length), shares);
                Bounds.Apply(shares, floor, cap);
                var least = Math.Min(floor, cap / left.Count);
                Assert.Equal(1, shares.Sum(), 9);
                Assert.All(shares, share => Assert.InRange(share, least - 1e-12, 1 + 1e-12));
                Assert.True(left.Count == 1 || 1 - shares[0] <= cap + 1e-12, $"{kind}: {1 - shares[0]} is explored, {cap} is allowed");
                left.RemoveAt(chance.Next(left.Count));
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ExplorationKind.Softmax, 0.5)]
    [InlineData(ExplorationKind.Thompson, 0.1)]
    [InlineData(ExplorationKind.EpsilonGreedy, 0.4)]
    [InlineData(ExplorationKind.LinUcb, 0.1)]
    public void Frequencies_are_the_propensities_at_both_positions(ExplorationKind kind, double parameter)
    {
        const int Draws = 20_000;
        int[] orders = [0, 1, 2, 1, 0, 2, 2, 0, 1, 0, 2, 1];
        var (counts, told) = (new Dictionary<(int, int), int>(), new Dictionary<(int, int), double>());
        for (var seed = 0UL; seed < Draws; seed++)
        {
            var slate = SlateDraw.Draw(
                new ExplorationRule(kind, 0.02, 1), [1f, 0.5f, 0f], parameter, kind is ExplorationKind.Thompson ? orders : [], 3, new Chance(seed));
            var pair = (slate[0].Candidate, slate[1].Candidate);
            counts[pair] = counts.GetValueOrDefault(pair) + 1;
            told[pair] = slate[0].Propensity * slate[1].Propensity;
        }

        Assert.Equal(1, told.Values.Sum(), 9);
        foreach (var (pair, probability) in told)
        {
            var error = Math.Sqrt(probability * (1 - probability) / Draws);
            Assert.InRange(counts[pair] / (double)Draws, probability - 4.5 * error, probability + 4.5 * error);
        }
    }

    [Fact]
    public void A_short_window_and_little_evidence_explore_more_by_every_rule()
    {
        foreach (var kind in Enum.GetValues<ExplorationKind>())
        {
            var rule = Explorations.Of(kind);
            double Explored(double rows, int touches)
            {
                var shares = new double[3];
                var parameter = rule.ParameterOf(rule.DefaultScale, rows, touches);
                rule.Fill(new Stage([0.1f, 0.05f, 0f], [0, 1, 2], parameter, [], 1), shares);
                return kind is ExplorationKind.Thompson or ExplorationKind.LinUcb ? parameter : 1 - shares[0];
            }

            Assert.True(Explored(100, 0) > Explored(100, 20), $"{kind}");
            Assert.True(kind is not (ExplorationKind.InverseGap or ExplorationKind.Softmax) || Explored(10, 20) > Explored(10_000, 20), $"{kind}");
        }
    }

    [Fact]
    public void The_fixed_exponential_is_the_exponential()
    {
        for (var x = -650.0; x < 650; x += 0.37)
        {
            Assert.Equal(1, FixedExponential.Of(x) / Math.Exp(x), 12);
        }

        Assert.Equal(1, FixedExponential.Of(0));
        Assert.Equal(0, FixedExponential.Of(-800));
    }

    private static IEnumerable<Drawn[]> Slates(
        ExplorationKind kind, float[] scores, double parameter, int count, double floor = 0, double cap = 1, int[]? orders = null)
        => Enumerable.Range(0, 200).Select(
            seed => SlateDraw.Draw(new ExplorationRule(kind, floor, cap), scores, parameter, orders ?? None, count, new Chance((ulong)seed)));

    private static float[] Scores(ref Chance chance)
    {
        var scores = new float[1 + chance.Next(12)];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = chance.Next(3) == 0 ? 0.5f : (float)chance.NextDouble();
        }

        Array.Sort(scores, (a, b) => b.CompareTo(a));
        return scores;
    }

    private static int[] Orders(int count, ref Chance chance)
    {
        var orders = new List<int>();
        for (var draw = 0; draw < 10; draw++)
        {
            var order = Enumerable.Range(0, count).ToList();
            while (order.Count > 0)
            {
                var place = chance.Next(order.Count);
                orders.Add(order[place]);
                order.RemoveAt(place);
            }
        }

        return [.. orders];
    }
}
