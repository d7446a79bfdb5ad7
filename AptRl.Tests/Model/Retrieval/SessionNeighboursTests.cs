using AptRl.Model.Retrieval;
using Xunit;

namespace AptRl.Tests.Model.Retrieval;

public sealed class SessionNeighboursTests
{
    private static readonly double PerHalf = 1 / Math.Log(2);

    // Every extra is off and every distance halves, so that numbers can be worked by hand.
    private static readonly SessionNeighboursOptions Plain = new()
    {
        QueryDistance = PerHalf,
        LengthPower = 0,
        HalfAge = 1e12,
        RarityPower = 0,
        Steps = new NeighbourSteps { QueryDistance = PerHalf, Distance = PerHalf, Backward = 0.5, Same = 0 },
        Repeats = new RepeatWeights { Last = 0, Habit = 0, Earlier = 0, Scarcity = 0 },
        SecondHop = new SecondHop { Weight = 0 },
    };

    [Fact]
    public void Neighbours_speak_for_what_came_near_the_shared_items()
    {
        // Asked about 1, 2: 2 is last (weight 1), 1 before it (1/2).
        // 2 3 4: similarity 1; 3 is one step on (1), 4 two (1/2).
        // 5 1: similarity 1/2; 5 is one step back from 1: 1/2 · 1/2 (step) · 1/2 (1's weight) = 1/8.
        // 6 7 shares nothing. Sum 1.625.
        var neighbours = Over(Plain, [2, 3, 4], [5, 1], [6, 7]);
        Assert.Equal([3, 4, 5], neighbours.Ask([1, 2]).ToArray().Order());
        Assert.Equal(1 / 1.625, neighbours[3], 5);
        Assert.Equal(0.5 / 1.625, neighbours[4], 5);
        Assert.Equal(0.125 / 1.625, neighbours[5], 5);
        Assert.Equal((0, 2), (neighbours[7], neighbours.Neighbours));
    }

    [Fact]
    public void The_more_similar_neighbour_is_kept_and_of_equals_the_newer()
    {
        var neighbours = Over(Plain with { Neighbours = 1 }, [1, 2, 3], [2, 4], [2, 5]);
        Assert.Equal([2, 3], neighbours.Ask([1, 2]).ToArray().Where(item => item > 1).Order());
        Assert.Equal([5], neighbours.Ask([2]).ToArray());
    }

    [Fact]
    public void An_older_and_a_longer_neighbour_say_less()
    {
        // Four sessions: the newest has age 1, the oldest age 4. 1/(1 + 4/2) = 1/3 and 1/(1 + 1/2) = 2/3.
        var aged = Over(Plain with { HalfAge = 2 }, [1, 2], [8], [8], [1, 3]);
        aged.Ask([1]);
        Assert.Equal((1 / 3.0, 2 / 3.0), (Math.Round(aged[2], 5), Math.Round(aged[3], 5)), Within);

        // Lengths 2 and 4 to the power 1/2: 1/√2 for 2, and for 3 one step on 1/2; for 4 and 5 half and a quarter of that.
        var cut = Over(Plain with { LengthPower = 0.5 }, [1, 2], [1, 3, 4, 5]);
        cut.Ask([1]);
        Assert.Equal(Math.Sqrt(2), cut[2] / cut[3], 4);
        Assert.Equal(4, cut[3] / cut[5], 4);
    }

    [Fact]
    public void A_rare_item_counts_above_a_common_one()
    {
        // 2 stands in three sessions of four, 3 in one: log(1 + 4/3) against log(1 + 4).
        var neighbours = Over(Plain with { RarityPower = 1 }, [1, 2], [1, 3], [2], [2]);
        neighbours.Ask([1]);
        Assert.Equal(Math.Log(5) / Math.Log(7 / 3.0), neighbours[3] / neighbours[2], 4);
    }

    [Fact]
    public void The_sessions_own_items_get_their_share_by_how_often_and_how_far_back()
    {
        // 9 follows 1 with 1 in all. Asked about 2, 1, 1: the last, 1, twice: 2 · (0.1 + 0.4 · 1/5) = 0.36; 2 once: 0.2.
        var options = Plain with { Repeats = new RepeatWeights { Last = 0.1, Habit = 0.4, Earlier = 0.2, Scarcity = 0 } };
        var neighbours = Over(options, [1, 9]);
        neighbours.Ask([2, 1, 1]);
        Assert.Equal(0.36 / 1.56, neighbours[1], 5);
        Assert.Equal(0.2 / 1.56, neighbours[2], 5);

        // With one neighbour found they count 1 + 11 · 10/11 = 11 times as much.
        var scarce = Over(options with { Repeats = options.Repeats with { Scarcity = 11 } }, [1, 9]);
        scarce.Ask([2, 1, 1]);
        Assert.Equal(11 * 0.36, scarce[1] / scarce[9], 4);
    }

    [Fact]
    public void The_best_items_hand_on_to_what_is_touched_near_them()
    {
        // 1 leads to 2, and 2 to 3 in a session that shares nothing with the question. Of what is near 2, by 1 after and
        // 0.7 before, 3 is 1/1.7: half of it, handed on, is 0.294 of 2's score; 1 itself gets 0.7/1.7 · 0.5 = 0.206.
        var neighbours = Over(Plain with { SecondHop = new SecondHop { Weight = 0.5, From = 1 } }, [1, 2], [2, 3]);
        neighbours.Ask([1]);
        Assert.Equal(0.5 / 1.7, neighbours[3] / neighbours[2], 3);
        Assert.Equal(0.35 / 1.7, neighbours[1] / neighbours[2], 3);
    }

    [Fact]
    public void Nothing_known_finds_nothing_and_a_new_item_is_still_worth_repeating()
    {
        var neighbours = Over(new SessionNeighboursOptions(), [1], [2, 2]);
        Assert.True(neighbours.Ask([]).IsEmpty);
        Assert.True(neighbours.Ask([-1]).IsEmpty);
        Assert.Equal([7], neighbours.Ask([-1, 7]).ToArray());
        Assert.Equal(1, neighbours[7]);
        Assert.Equal([1], neighbours.Ask([1]).ToArray());
        Assert.True(new SessionNeighbours(new SessionIndex(new()), new CoVisitation(new()), new()).Ask([]).IsEmpty);
    }

    [Fact]
    public void An_answer_does_not_depend_on_the_questions_before_it()
    {
        var (fresh, used) = (Over(new SessionNeighboursOptions(), [1, 2, 3], [3, 4], [2, 4, 2]), Over(new SessionNeighboursOptions(), [1, 2, 3], [3, 4], [2, 4, 2]));
        used.Ask([4, 3, 9]);
        used.Ask([1]);
        fresh.Ask([2, 3]);
        used.Ask([2, 3]);
        Assert.Equal(fresh.Found.ToArray(), used.Found.ToArray());
        Assert.All(fresh.Found.ToArray(), item => Assert.Equal(fresh[item], used[item]));
    }

    private static SessionNeighbours Over(SessionNeighboursOptions options, params int[][] sessions)
    {
        var memory = new SessionMemory(new SessionIndexOptions(), new CoVisitationOptions());
        foreach (var session in sessions)
        {
            memory.Add(session);
        }

        return new SessionNeighbours(memory.Sessions, memory.CoVisits, options);
    }

    private static bool Within((double, double) expected, (double, double) actual)
        => Math.Abs(expected.Item1 - actual.Item1) < 1e-4 && Math.Abs(expected.Item2 - actual.Item2) < 1e-4;
}
