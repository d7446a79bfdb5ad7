using AptRl.Model.Events;
using AptRl.Model.Retrieval;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Retrieval;

public sealed class SessionIndexTests
{
    [Fact]
    public void Sessions_are_found_by_their_items_and_keep_positions()
    {
        var index = new SessionIndex(new SessionIndexOptions());
        index.Add([1, 2, 1]);
        index.Add([2, 3]);
        Assert.Equal([1, 2, 1], index.ItemsOf(0).ToArray());
        Assert.Equal((2, 2), (index.DistinctOf(0), index.DistinctOf(1)));
        Assert.Equal((0, 1, 2, 1, 0), (index.SessionsWith(0), index.SessionsWith(1), index.SessionsWith(2), index.SessionsWith(3), index.SessionsWith(9)));
    }

    [Fact]
    public void Beyond_its_bound_the_oldest_session_and_its_items_are_forgotten()
    {
        var index = new SessionIndex(new SessionIndexOptions { SessionsMax = 2 });
        index.Add([1, 2]);
        index.Add([2, 3]);
        index.Add([3]);
        Assert.Equal((2, 1L, 3L), (index.Count, index.First, index.Opened));
        Assert.Equal((0, 1, 2), (index.SessionsWith(1), index.SessionsWith(2), index.SessionsWith(3)));
        Assert.False(index.Append(0, 5));
        Assert.Equal((1L, 0), (index.Late, index.SessionsWith(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.ItemsOf(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Append(3, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Append(2, -1));
    }

    [Fact]
    public void An_item_finds_only_its_newest_sessions_whichever_was_touched_last()
    {
        var index = new SessionIndex(new SessionIndexOptions { SessionsPerItem = 2 });
        long[] sessions = [index.Open(), index.Open(), index.Open()];
        index.Append(sessions[2], 7);
        index.Append(sessions[1], 7);
        index.Append(sessions[0], 7); // older than both that are kept
        Assert.Equal((2, 1L), (index.SessionsWith(7), index.Displaced));
        var neighbours = Neighbours(index);
        neighbours.Ask([7]);
        Assert.Equal(2, neighbours.Neighbours);
    }

    [Fact]
    public void A_session_of_ten_thousand_touches_is_cut_and_counted()
    {
        var memory = new SessionMemory(new SessionIndexOptions { TouchesMax = 200 }, new CoVisitationOptions());
        int[] touches = [.. Enumerable.Range(0, 10_000).Select(touch => touch % 300)];
        memory.Add(touches);
        memory.Add([1]);
        Assert.Equal((200, 9_800L), (memory.Sessions.ItemsOf(0).Length, memory.Sessions.Cut));
        Assert.Equal((1, 0), (memory.Sessions.SessionsWith(199), memory.Sessions.SessionsWith(200)));
        var neighbours = new SessionNeighbours(memory.Sessions, memory.CoVisits, new SessionNeighboursOptions());
        Assert.Equal(1, neighbours.Ask(touches).ToArray().Sum(item => (double)neighbours[item]), 4);
    }

    [Fact]
    public void However_the_touches_of_open_sessions_are_mixed_the_index_is_that_of_whole_sessions()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var chance = new Chance(seed);
            var options = new SessionIndexOptions { SessionsMax = 12, SessionsPerItem = 3, TouchesMax = 6 };
            var (mixed, sessions) = (new SessionIndex(options), new List<List<int>>());
            for (var touch = 0; touch < 120; touch++)
            {
                if (sessions.Count == 0 || chance.Next(5) == 0)
                {
                    mixed.Open();
                    sessions.Add([]);
                }

                // One of the last four, so that several are open and none of them is forgotten yet.
                var session = Math.Max(0, sessions.Count - 1 - chance.Next(4));
                var item = chance.Next(8);
                mixed.Append(session, item);
                sessions[session].Add(item);
            }

            var whole = new SessionIndex(options);
            sessions.ForEach(items => whole.Add([.. items]));
            var restored = new SessionIndex(mixed.Image(), options);
            Assert.Equal(whole.Hash(), mixed.Hash());
            Assert.Equal((whole.Opened, whole.First, whole.Cut), (restored.Opened, restored.First, restored.Cut));
            var (one, other, third) = (Neighbours(whole), Neighbours(mixed), Neighbours(restored));
            for (var item = 0; item < 8; item++)
            {
                Assert.Equal(whole.SessionsWith(item), mixed.SessionsWith(item));
                Assert.InRange(whole.SessionsWith(item), 0, 3);
                Assert.Equal(Shares(one, item), Shares(other, item));
                Assert.Equal(Shares(one, item), Shares(third, item));
            }

            // What is restored goes on as if it had never rested.
            restored.Add([3, 4]);
            mixed.Add([3, 4]);
            return restored.Hash() == mixed.Hash() && mixed.Count == Math.Min(12, sessions.Count + 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_damaged_image_is_refused()
        => Assert.Contains("damaged", Assert.Throws<ArgumentException>(
            () => new SessionIndex(new SessionIndexImage(1, 0, 0, [[1], [2]]), new SessionIndexOptions())).Message, StringComparison.Ordinal);

    private static SessionNeighbours Neighbours(SessionIndex index)
        => new(index, new CoVisitation(new CoVisitationOptions()), new SessionNeighboursOptions());

    private static float[] Shares(SessionNeighbours neighbours, int asked)
    {
        neighbours.Ask([asked, (asked + 1) % 8]);
        return [.. Enumerable.Range(0, 8).Select(item => neighbours[item])];
    }
}
