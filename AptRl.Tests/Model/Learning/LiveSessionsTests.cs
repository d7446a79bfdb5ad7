using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Retrieval;
using AptRl.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Learning;

public sealed class LiveSessionsTests
{
    // Every extra is off, so that a neighbour says 1 for the item one step on, and shares can be worked by hand.
    private static readonly LearnerOptions Plain = new()
    {
        Neighbours = new SessionNeighboursOptions
        {
            LengthPower = 0,
            HalfAge = 1e12,
            RarityPower = 0,
            Steps = new NeighbourSteps { Same = 0, Backward = 0 },
            Repeats = new RepeatWeights { Last = 0, Habit = 0, Earlier = 0, Scarcity = 0 },
            SecondHop = new SecondHop { Weight = 0 },
        },
    };

    [Fact]
    public void A_stranger_with_one_touch_hears_what_came_next_after_it()
    {
        var sessions = Over(Plain, "ab", "ac", "ac", "db");
        var scores = sessions.Ask([Sample.Item("a")], null);
        Assert.Equal(["c", "b"], scores.Items.Select(item => item.Value));
        Assert.Equal(2 / 3.0, scores[Sample.Item("c")], 5);
        Assert.Equal(1 / 3.0, scores[Sample.Item("b")], 5);
        Assert.Equal(0, scores[Sample.Item("d")]);
        Assert.Empty(sessions.Ask([Sample.Item("never seen")], null).Items);
        Assert.Empty(sessions.Ask([], null).Items);
    }

    [Fact]
    public void A_session_is_remembered_from_its_second_touch_on_and_goes_on_over_publications()
    {
        var sessions = new LiveSessions(Plain);
        Touch(sessions, 0, 7, "a");
        sessions.Publish();
        Assert.Equal((0, 1), (sessions.Sessions, sessions.Open));
        Touch(sessions, 1, 7, "b");
        Assert.Empty(sessions.Ask([Sample.Item("a")], null).Items); // not before it is published
        sessions.Publish();
        Touch(sessions, 2, 7, "c");
        sessions.Publish();
        Assert.Equal((1, 1), (sessions.Sessions, sessions.Open));
        Assert.Equal(["c"], sessions.Ask([Sample.Item("b")], null).Items.Select(item => item.Value));
    }

    [Fact]
    public void A_session_is_no_neighbour_of_its_own()
    {
        var sessions = Over(Plain, "ab", "ac");
        Assert.Equal(["b"], sessions.Ask([Sample.Item("a")], session: 1).Items.Select(item => item.Value));
        Assert.Equal(2, sessions.Ask([Sample.Item("a")], session: 99).Items.Count);
    }

    [Fact]
    public void A_touch_that_turns_away_from_an_item_is_no_step_of_a_session()
    {
        var sessions = new LiveSessions(Plain);
        Touch(sessions, 0, 7, "a");
        Touch(sessions, 1, 7, "x", InteractionKind.Dismiss);
        Touch(sessions, 2, 7, "y", InteractionKind.RemoveFromCart);
        Touch(sessions, 3, 7, "b", InteractionKind.Purchase);
        sessions.Publish();
        Assert.Equal(["b"], sessions.Ask([Sample.Item("a")], null).Items.Select(item => item.Value));
        Assert.Empty(sessions.Ask([Sample.Item("x")], null).Items);
    }

    [Fact]
    public void A_lesson_that_knows_the_item_before_and_no_session_is_a_session_of_two()
    {
        var learner = new Learner(Plain);
        learner.Learn(Sample.Touched(1, 0, "a"));
        learner.Learn(Sample.Touched(2, 1, "b", previous: "a"));
        learner.Advance();
        var sessions = learner.Policy().Sessions;
        Assert.Equal((1, 0), (sessions.Sessions, sessions.Open));
        Assert.Equal(["b"], sessions.Ask([Sample.Item("a")], null).Items.Select(item => item.Value));
    }

    [Fact]
    public void Over_the_bound_of_items_those_whose_last_session_is_oldest_go()
    {
        // Nine tenths of 4 are 3: e and f of the newest session and, of c and d, the one met first.
        var sessions = Over(Plain with { ItemsMax = 4 }, "ab", "cd", "ef");
        Assert.Equal((3, 3, 3), (sessions.Items, sessions.ItemsForgotten, sessions.Sessions));
        Assert.Equal(["f"], sessions.Ask([Sample.Item("e")], null).Items.Select(item => item.Value));
        Assert.Empty(sessions.Ask([Sample.Item("a")], null).Items);
        Assert.Empty(sessions.Ask([Sample.Item("c")], null).Items);

        Touch(sessions, 10, 99, "c");
        Touch(sessions, 11, 99, "e");
        Touch(sessions, 12, 99, "g");
        sessions.Publish();
        Assert.Equal(["e", "g"], sessions.Ask([Sample.Item("c")], null).Items.Select(item => item.Value));
        Assert.Equal(["f", "g"], sessions.Ask([Sample.Item("e")], null).Items.Select(item => item.Value).Order());
    }

    [Fact]
    public void The_oldest_session_goes_first_and_one_that_rests_too_long_is_begun_anew()
    {
        var few = Over(Plain with { SessionsMax = 2 }, "ab", "ac", "ad");
        Assert.Equal(2, few.Sessions);
        Assert.Equal(["c", "d"], few.Ask([Sample.Item("a")], null).Items.Select(item => item.Value).Order());

        var sessions = Over(Plain with { SessionOpen = TimeSpan.FromMinutes(10) }, "ab");
        Touch(sessions, 20, 2, "x");
        sessions.Publish();
        Assert.Equal(1, sessions.Open);
        Touch(sessions, 21, 0, "c"); // the number of the session that was closed
        Touch(sessions, 22, 0, "d");
        sessions.Publish();
        Assert.Empty(sessions.Ask([Sample.Item("b")], null).Items);
        Assert.Equal(["d"], sessions.Ask([Sample.Item("c")], null).Items.Select(item => item.Value));
    }

    [Fact]
    public void More_open_sessions_than_may_be_remembered_close_from_the_longest_at_rest()
    {
        var sessions = new LiveSessions(Plain with { SessionsMax = 10 });
        for (var session = 0; session < 12; session++)
        {
            Touch(sessions, session, session, "a");
        }

        sessions.Publish();
        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 10, 11], sessions.Image().Open.Select(open => open.Session));
    }

    [Fact]
    public void Any_order_between_publications_and_a_snapshot_in_between_change_no_bit_of_an_answer()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var chance = new Chance(seed);
            var options = new LearnerOptions { SessionsMax = 12, SessionsPerItem = 4, ItemsMax = 9, NeighboursMax = 3 };
            LearnerImage image = new Learner(options).Image();
            Learner inOrder = new(options), shuffled = new(options), restored = new(options);
            for (var epoch = 0; epoch < 6; epoch++)
            {
                var lessons = Enumerable.Range(1, 20).Select(number => Drawn(epoch, number, ref chance)).ToList();
                restored = new Learner(image, options);
                foreach (var (learner, order) in new[] { (inOrder, [.. lessons]), (shuffled, Sample.Shuffled(lessons, chance)), (restored, Sample.Shuffled(lessons, chance)) })
                {
                    order.ToList().ForEach(learner.Learn);
                    learner.Advance();
                }

                image = inOrder.Image();
                Assert.Equal([image.Hash(), image.Hash()], [shuffled.Image().Hash(), restored.Image().Hash()]);
                Assert.InRange(image.Sessions.Items.Length, 0, 9);
                Assert.InRange(image.Sessions.Open.Length, 0, 12);
            }

            foreach (var item in Enumerable.Range(0, 14).Select(number => Sample.Item($"{number}")))
            {
                var scores = inOrder.Policy().Sessions.Ask([Sample.Item("1"), item], 3);
                foreach (var other in new[] { shuffled, restored }.Select(learner => learner.Policy().Sessions.Ask([Sample.Item("1"), item], 3)))
                {
                    Assert.Equal(scores.Items, other.Items);
                    Assert.All(scores.Items, spoken => Assert.Equal(scores[spoken], other[spoken]));
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task An_answer_is_of_one_publication_as_a_whole()
    {
        // Each publication brings b and c with its number, first and last of many sessions: an answer has both or none.
        const int Publications = 400;
        const int Between = 100;
        var sessions = new LiveSessions(Plain with { ItemsMax = 300 });
        var isDone = false;
        var asking = Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                var torn = 0;
                while (!Volatile.Read(ref isDone))
                {
                    var scores = sessions.Ask([Sample.Item("a")], null);
                    torn += scores.Items.Count(item => scores[Sample.Item((item.Value[0] == 'b' ? "c" : "b") + item.Value[1..])] != scores[item]);
                }

                return torn;
            },
            TestContext.Current.CancellationToken)).ToList();
        for (var number = 0; number < Publications; number++)
        {
            for (var at = 0; at <= Between; at++)
            {
                var (minute, session) = (number + at / 1_000.0, number * 1_000 + at);
                Touch(sessions, minute, session, at is 0 or Between ? "a" : "x");
                Touch(sessions, minute + 0.0005, session, at switch { 0 => $"b{number}", Between => $"c{number}", _ => "y" });
            }

            sessions.Publish();
        }

        Volatile.Write(ref isDone, true);
        Assert.All(await Task.WhenAll(asking), torn => Assert.Equal(0, torn));
        Assert.True(sessions.ItemsForgotten > 0);
        Assert.Equal(200, sessions.Ask([Sample.Item("a")], null).Items.Count);
    }

    private static LiveSessions Over(LearnerOptions options, params string[] items)
    {
        var sessions = new LiveSessions(options);
        for (var session = 0; session < items.Length; session++)
        {
            for (var at = 0; at < items[session].Length; at++)
            {
                Touch(sessions, session + at / 100.0, session, $"{items[session][at]}");
            }
        }

        sessions.Publish();
        return sessions;
    }

    private static void Touch(LiveSessions sessions, double minute, long session, string item, InteractionKind kind = InteractionKind.ViewItem)
        => sessions.Add(1, 0, new TouchedItem(Sample.Item(item), null, kind, Sample.Noon.AddMinutes(minute), session));

    private static Lesson Drawn(int epoch, int number, ref Chance chance)
    {
        var (minute, item) = (40 * epoch + chance.Next(60), $"{chance.Next(14)}");
        return chance.Next(8) == 0
            ? Sample.Touched(number, minute, item, $"{chance.Next(14)}")
            : Sample.Touched(number, minute, item, session: 8 * epoch + chance.Next(12));
    }
}
