using AptRl.Actors.Clustering;
using Xunit;

namespace AptRl.Tests.Actors.Clustering;

public sealed class EntryOrderTests
{
    [Fact]
    public void What_comes_ahead_waits_until_the_gap_is_filled_and_what_comes_twice_is_dropped()
    {
        var order = new EntryOrder(through: 4);
        Assert.Equal(["five"], order.Take(5, "five"));
        Assert.Empty(order.Take(5, "five"));
        Assert.Empty(order.Take(8, "eight"));
        Assert.Empty(order.Take(7, "seven"));
        Assert.Equal((5, 8, true), (order.Through, order.Known, order.IsGap));

        // The gap is read from the journal: 6, and what waited already.
        Assert.Equal(["six", "seven", "eight"], order.Take(6, "six"));
        Assert.Empty(order.Take(7, "seven"));
        Assert.Equal((8, false), (order.Through, order.IsGap));
    }

    [Fact]
    public void What_is_only_heard_of_is_a_gap()
    {
        var order = new EntryOrder(through: 4);
        Assert.Empty(order.Take(5, fact: null));
        Assert.True(order.IsGap);
        order.Hear(6);
        Assert.Equal(["five"], order.Take(5, "five"));
        Assert.True(order.IsGap);
        Assert.Equal(["six"], order.Take(6, "six"));
        Assert.False(order.IsGap);
    }

    [Fact]
    public void Beyond_the_bound_what_comes_ahead_is_part_of_the_gap()
    {
        var order = new EntryOrder(through: 0);
        for (var entry = 2; entry <= EntryOrder.AheadMax + 2; entry++)
        {
            Assert.Empty(order.Take(entry, entry));
        }

        // 2 to 65 waited, 66 did not: after 1 all but the last can be applied.
        Assert.Equal(Enumerable.Range(1, EntryOrder.AheadMax + 1), order.Take(1, 1).Cast<int>());
        Assert.Equal((65, 66, true), (order.Through, order.Known, order.IsGap));
    }
}
