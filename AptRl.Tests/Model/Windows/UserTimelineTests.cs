using AptRl.Model.Events;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Windows;

public sealed class UserTimelineTests
{
    [Fact]
    public void A_repeat_is_told_from_a_second_interaction_also_after_a_snapshot()
    {
        var timeline = Sample.Timeline();
        Assert.Equal(Verdict.Accept, timeline.Offer(Sample.At(1, "x")));

        var restored = new UserTimeline(timeline.Image(), new WindowOptions());
        Assert.Equal(Verdict.Duplicate, restored.Offer(Sample.At(9, "x")));
        Assert.Equal(Verdict.Accept, restored.Offer(Sample.At(1, "y")));
    }

    [Fact]
    public void The_memory_of_ids_is_bounded_and_the_oldest_is_forgotten()
    {
        var timeline = Sample.Timeline(new WindowOptions { EventIdsMax = 2 });
        foreach (var id in (string[])["x", "y", "z"])
        {
            timeline.Offer(Sample.At(1, id));
        }

        Assert.Equal(Verdict.Duplicate, timeline.Judge(Sample.At(1, "y")));
        Assert.Equal(Verdict.Accept, timeline.Judge(Sample.At(1, "x")));
    }

    [Fact]
    public void Older_than_the_newest_by_more_than_the_lateness_is_late_and_by_just_that_is_not()
    {
        var timeline = Sample.Timeline(new WindowOptions { Lateness = TimeSpan.FromMinutes(10) });
        timeline.Offer(Sample.At(100, "x"));

        Assert.Equal(Verdict.Late, timeline.Judge(Sample.At(89.9, "y")));
        Assert.Equal(Verdict.Accept, timeline.Judge(Sample.At(90, "y")));
    }

    [Fact]
    public void A_gap_or_another_session_name_starts_a_session()
    {
        var timeline = Sample.Timeline();
        timeline.Offer(Sample.At(0, "1"));                 // the first
        timeline.Offer(Sample.At(30, "2"));                // 30 minutes: the same
        timeline.Offer(Sample.At(60.1, "3"));              // over 30 minutes: the second
        timeline.Offer(Sample.At(61, "4", session: "s1")); // named from now on: the same
        timeline.Offer(Sample.At(62, "5", session: "s2")); // another name: the third
        Assert.Equal(3, timeline.Sessions);
    }

    [Fact]
    public void A_touch_knows_its_session_which_is_no_other_users_and_stays_in_a_snapshot()
    {
        var timeline = Sample.Timeline();
        timeline.Offer(Sample.At(0, "1", "a"));
        timeline.Offer(Sample.At(1, "2", "b"));
        timeline = new UserTimeline(timeline.Image(), new WindowOptions());
        timeline.Offer(Sample.At(2, "3", "c"));
        timeline.Offer(Sample.At(90, "4", "d"));

        var touched = timeline.Outboxes.Single().Value.Lessons.Select(lesson => lesson.Touched.Single().Session).ToList();
        Assert.Equal([touched[0], touched[0], touched[0], timeline.Session], touched);
        Assert.NotEqual(touched[0], touched[3]);
        var bob = new UserTimeline(new UserId("bob"), new WindowOptions());
        Assert.Null(bob.Session);
        bob.Offer(Sample.At(0, "1", "a"));
        Assert.NotEqual(touched[0], bob.Session);
    }

    [Fact]
    public void Lessons_are_numbered_without_a_gap_and_leave_when_settled()
    {
        var timeline = Sample.Timeline();
        timeline.Offer(Sample.At(0, "1"));
        timeline.Apply(new DecisionMade(Sample.Decided(1, "r", "a", "b")));
        timeline.Offer(Sample.At(2, "2", "b"));            // a touch, and a click on position 1

        var outbox = timeline.Outboxes.Single().Value;
        Assert.Equal([1, 2, 3, 4], outbox.Lessons.Select(lesson => lesson.Number));
        Assert.Equal([4L], timeline.UnsettledRewardsOf(new EventId("2")).Select(lesson => lesson.Number));

        timeline.Apply(new LessonsSettled(Sample.Home, 3));
        Assert.Equal([4], outbox.Lessons.Select(lesson => lesson.Number));
        timeline.Apply(new LessonsSettled(Sample.Home, 4));
        Assert.Empty(timeline.UnsettledRewardsOf(new EventId("2")));
    }

    [Fact]
    public void A_full_outbox_makes_the_user_busy_and_loses_nothing()
    {
        var timeline = Sample.Timeline(new WindowOptions { OutboxMax = 2 });
        timeline.Offer(Sample.At(0, "1"));
        timeline.Offer(Sample.At(0, "2"));
        Assert.Equal(Verdict.Busy, timeline.Offer(Sample.At(0, "3")));

        timeline.Apply(new LessonsSettled(Sample.Home, 1));
        Assert.Equal(Verdict.Accept, timeline.Offer(Sample.At(0, "3")));
        Assert.Equal(3, timeline.Accepted);
    }

    [Fact]
    public void Lessons_set_aside_hold_nobody_up_and_are_there_when_their_scenario_is_back()
    {
        var options = new WindowOptions { OutboxMax = 1 };
        var timeline = Sample.Timeline(options, new DecisionMade(Sample.Decided(0, "r", "a")));
        Assert.True(timeline.IsBusy);

        timeline.SetAside(Sample.Home);
        Assert.False(timeline.IsBusy);
        Assert.Empty(timeline.Outboxes);

        var back = new UserTimeline(timeline.Image(), options);
        Assert.Equal([1], back.Outboxes.Single().Value.Lessons.Select(lesson => lesson.Number));
    }

    [Fact]
    public void Sent_twice_in_any_order_each_interaction_counts_once_and_a_replay_of_the_facts_gives_the_same()
        => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var facts = new List<IUserFact>();
            var live = Sample.Timeline();
            foreach (var value in bytes.Concat(bytes))
            {
                var interaction = Sample.At(value, $"{value}", $"{value % 7}");
                if (live.Judge(interaction) is Verdict.Accept)
                {
                    facts.Add(live.Accept(interaction, [Sample.Home]));
                    live.Apply(facts[^1]);
                }

                if (value % 3 == 0)
                {
                    facts.Add(new DecisionMade(Sample.Decided(value, $"{facts.Count}", "1", "2", "3")));
                    live.Apply(facts[^1]);
                }
            }

            var replayed = Sample.Timeline(null, [.. facts]);
            var restored = new UserTimeline(live.Image(), new WindowOptions());
            return live.Accepted == bytes.Distinct().Count()
                && replayed.Window.Hash(Sample.Ann) == live.Window.Hash(Sample.Ann)
                && restored.Window.Hash(Sample.Ann) == live.Window.Hash(Sample.Ann)
                && replayed.RewardsJoined == live.RewardsJoined && restored.RewardsJoined == live.RewardsJoined
                && (bytes.Length == 0 || Numbers(replayed).SequenceEqual(Numbers(restored)));
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<long> Numbers(UserTimeline timeline)
        => timeline.Outboxes.Single().Value.Lessons.Select(lesson => lesson.Number);
}
