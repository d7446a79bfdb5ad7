using AptRl.Model.Events;
using AptRl.Model.Retrieval;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Retrieval;

public sealed class CoVisitationTests
{
    [Fact]
    public void A_pair_weighs_by_its_distance_and_less_the_other_way()
    {
        // λ = 1/ln 2, so a touch further is half. Of what is near 1: item 2 one touch on (1), item 3 two on (1/2), so
        // 2/3 and 1/3. Near 3: item 2 one back and item 1 two back, half and a quarter: 2/3 and 1/3. Near 2: 1 before it
        // (1/2) and 3 after it (1): 1/3 and 2/3.
        var coVisits = Added(new CoVisitationOptions { Distance = 1 / Math.Log(2), Backward = 0.5, Reach = 2 }, 0, 1, 2, 3);
        Assert.Equal((2 / 3.0, 1 / 3.0), (coVisits.Share(1, 2), coVisits.Share(1, 3)));
        Assert.Equal((2 / 3.0, 1 / 3.0), (coVisits.Share(3, 2), coVisits.Share(3, 1)));
        Assert.Equal((1 / 3.0, 2 / 3.0), (coVisits.Share(2, 1), coVisits.Share(2, 3)));
    }

    [Fact]
    public void A_pair_out_of_reach_or_of_one_item_is_not_counted()
    {
        var coVisits = Added(new CoVisitationOptions { Reach = 1 }, 0, 1, 1, 2);
        Assert.Equal(1, coVisits.Share(1, 2));
        Assert.Equal(0, coVisits.Share(1, 1));
        Assert.Equal([1], coVisits.NeighboursOf(2).ToArray());
        Assert.Empty(coVisits.NeighboursOf(9).ToArray());
    }

    [Fact]
    public void After_its_half_life_a_pair_counts_half()
    {
        // Two co-visits with 2 in session 0 weigh 2 · 1; ten sessions on they count 1, as much as the new one with 3.
        var coVisits = new CoVisitation(new CoVisitationOptions { HalfLife = 10, Reach = 1 });
        coVisits.Add([1, 2], 0);
        coVisits.Add([1, 2], 0);
        coVisits.Add([1, 3], 10);
        Assert.Equal((0.5, 0.5), (coVisits.Share(1, 2), coVisits.Share(1, 3)));
        coVisits.Add([1, 3], 10 + 10 * 40);
        Assert.Equal((0, 1), (coVisits.Share(1, 2), coVisits.Share(1, 3)));
    }

    [Fact]
    public void At_twice_the_bound_the_lightest_neighbours_go()
    {
        var coVisits = new CoVisitation(new CoVisitationOptions { NeighboursMax = 2, Reach = 1 });
        foreach (var neighbour in (int[])[5, 5, 4, 4, 3, 2])
        {
            coVisits.Add([1, neighbour], 0);
        }

        Assert.Equal([4, 5], coVisits.NeighboursOf(1).ToArray().Order());
        Assert.Equal(2, coVisits.Dropped);
        Assert.Equal(0.5, coVisits.Share(1, 4));
    }

    [Fact]
    public void An_image_is_the_whole_of_it()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var chance = new Chance(seed);
            var options = new CoVisitationOptions { NeighboursMax = 3, HalfLife = 7 };
            var coVisits = new CoVisitation(options);
            Drawn(coVisits, 0, ref chance);
            var restored = new CoVisitation(coVisits.Image(), options);
            Assert.Equal(coVisits.Hash(), restored.Hash());
            Assert.All(Enumerable.Range(0, 10), item => Assert.InRange(coVisits.NeighboursOf(item).Length, 0, 5));
            var (going, on) = (chance, chance);
            Drawn(coVisits, 40, ref going);
            Drawn(restored, 40, ref on);
            return coVisits.Hash() == restored.Hash() && coVisits.Dropped == restored.Dropped;
        }).QuickCheckThrowOnFailure();

    private static void Drawn(CoVisitation coVisits, int from, ref Chance chance)
    {
        for (var session = from; session < from + 40; session++)
        {
            coVisits.Add([chance.Next(10), chance.Next(10), chance.Next(10)], session);
        }
    }

    private static CoVisitation Added(CoVisitationOptions options, long session, params int[] items)
    {
        var coVisits = new CoVisitation(options);
        for (var length = 1; length <= items.Length; length++)
        {
            coVisits.Add(items.AsSpan(0, length), session);
        }

        return coVisits;
    }
}
