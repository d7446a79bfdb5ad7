using Akka.Actor;
using Akka.Persistence;
using Akka.Routing;
using Akka.TestKit;
using AptRl.Actors.Agents;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Agents;

public sealed class LearnerActorTests : JournalKit
{
    private static readonly ScenarioOptions Scenario = new() { Id = Sample.Home };
    private static readonly LearnerBatching AtOnce = new() { ForgetAfter = TimeSpan.Zero, AgeMax = TimeSpan.Zero, PublishEvery = TimeSpan.Zero };
    private static readonly UserId Bob = new("bob");

    private readonly TestProbe _agents;

    public LearnerActorTests() => _agents = CreateTestProbe();

    [Fact]
    public void A_repeated_lesson_is_answered_again_and_learned_once_also_after_a_restart()
    {
        var learner = Start();
        Teach(learner, Sample.Ann, 0, 1, 2);
        ExpectTaken(2);
        Teach(learner, Sample.Ann, 0, 1, 2);
        ExpectTaken(2);

        Crash(learner);
        learner = Start();
        Teach(learner, Sample.Ann, 0, 1, 2, 3);
        ExpectTaken(3);
        Assert.Equal(3, Published(learner).Lessons);
    }

    [Fact]
    public void A_gap_is_not_taken_until_it_is_filled()
    {
        var learner = Start();
        Teach(learner, Sample.Ann, 0, 1);
        ExpectTaken(1);
        Teach(learner, Sample.Ann, 0, 3);
        Assert.Equal(1, Published(learner).Lessons);

        Teach(learner, Sample.Ann, 0, 2, 3);
        ExpectTaken(3);
        Assert.Equal(3, Published(learner).Lessons);
    }

    [Fact]
    public void A_settled_user_is_forgotten_and_goes_on_where_it_was()
    {
        var learner = Start(AtOnce with { SnapshotEvery = 1 });
        Teach(learner, Sample.Ann, 0, 1, 2);
        ExpectTaken(2);
        learner.Tell(new Forget(Sample.Ann, 1)); // overtaken by lesson 2: must not count
        Teach(learner, Bob, 0, 1);
        ExpectTaken(1);
        Teach(learner, Sample.Ann, 1, 2);
        ExpectTaken(2);
        Assert.Equal([Bob, Sample.Ann], Snapshot(learner).Taken.Select(taken => taken.Key).OrderByDescending(user => user.Value));

        learner.Tell(new Forget(Sample.Ann, 2));
        Teach(learner, Bob, 0, 2);
        ExpectTaken(2);
        Assert.Equal([Bob], Snapshot(learner).Taken.Select(taken => taken.Key));

        Crash(learner);
        learner = Start();
        Teach(learner, Sample.Ann, 2, 3);
        ExpectTaken(3);
        Assert.Equal(5, Published(learner).Lessons);
    }

    [Fact]
    public void A_user_who_has_just_settled_is_still_known_to_one_who_did_not_hear_of_it()
    {
        var learner = Start(AtOnce with { ForgetAfter = TimeSpan.FromMinutes(1) });
        Teach(learner, Sample.Ann, 0, 1, 2);
        ExpectTaken(2);
        learner.Tell(new Forget(Sample.Ann, 2));
        Teach(learner, Bob, 0, 1);
        ExpectTaken(1);

        // From a node that was cut off when Ann settled elsewhere.
        Teach(learner, Sample.Ann, 0, 1, 2);
        ExpectTaken(2);
        Assert.Equal(3, Published(learner).Lessons);
    }

    [Fact]
    public void A_deleted_user_who_returns_is_learned_from_anew()
    {
        var learner = Start();
        Teach(learner, Sample.Ann, 0, 1, 2);
        ExpectTaken(2);
        learner.Tell(new Forget(Sample.Ann, long.MaxValue));
        Assert.Equal(Sample.Home, ExpectMsg<Forgotten>(cancellationToken: TestContext.Current.CancellationToken).Scenario);

        Teach(learner, Sample.Ann, 0, 1);
        ExpectTaken(1);
        Assert.Equal(3, Published(learner).Lessons);
    }

    [Fact]
    public void What_comes_while_a_batch_is_being_written_is_the_next_batch()
    {
        var learner = Start();
        Journal.Tell(new HoldWrites());
        foreach (var user in (string[])["u1", "u2", "u3"])
        {
            Teach(learner, new UserId(user), 0, 1);
        }

        ExpectNoMsg(Quiet, TestContext.Current.CancellationToken);
        Journal.Tell(new ReleaseWrites());
        ReceiveN(3, TestContext.Current.CancellationToken);
        learner.Tell(LearnerStatus.Ask);
        Assert.Equal(2, ExpectMsg<LearnerView>(cancellationToken: TestContext.Current.CancellationToken).Updates);
    }

    [Fact]
    public void Beyond_its_bound_a_lesson_is_not_taken_until_it_is_sent_again()
    {
        var learner = Start(AtOnce with { WaitingMax = 1 });
        Journal.Tell(new HoldWrites());
        foreach (var user in (string[])["writing", "waiting", "refused"])
        {
            Teach(learner, new UserId(user), 0, 1);
        }

        Journal.Tell(new ReleaseWrites());
        ReceiveN(2, TestContext.Current.CancellationToken);
        Assert.Equal(2, Published(learner).Lessons);
        Teach(learner, new UserId("refused"), 0, 1);
        ExpectTaken(1);
        Assert.Equal(3, Published(learner).Lessons);
    }

    [Fact]
    public void A_publication_is_answered_when_it_is_durable_and_with_the_agents()
    {
        var learner = Start();
        Journal.Tell(new HoldWrites());
        Teach(learner, Sample.Ann, 0, 1);
        learner.Tell(Publish.Now);
        ExpectNoMsg(Quiet, TestContext.Current.CancellationToken);
        Assert.False(_agents.HasMessages);

        Journal.Tell(new ReleaseWrites());
        ExpectTaken(1);
        Assert.Equal(1, ExpectMsg<Published>(cancellationToken: TestContext.Current.CancellationToken).Version);
        Assert.True(_agents.HasMessages);
        Assert.Equal(1, PolicyAtAgents().Version);

        // Nothing new: the policy in force is all there is.
        learner.Tell(Publish.Now);
        Assert.Equal(1, ExpectMsg<Published>(cancellationToken: TestContext.Current.CancellationToken).Version);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(int.MaxValue, false)]
    public void A_crash_changes_no_bit_of_what_is_learned_with_and_without_a_snapshot(int snapshotEvery, bool hasSnapshot)
    {
        var batching = AtOnce with { SnapshotEvery = snapshotEvery };
        var (learner, undisturbed) = (Start(batching), new Learner(new LearnerOptions()));
        for (var number = 1; number <= 20; number++)
        {
            var lesson = LessonOf(number);
            undisturbed.Learn(lesson);
            learner.Tell(new Teach(Sample.Ann, 0, [lesson]));
            ExpectTaken(number);
            if (number % 4 == 0)
            {
                undisturbed.Advance();
                Published(learner);
            }

            if (number == 14)
            {
                var before = PolicyAtAgents();
                while (_agents.HasMessages)
                {
                    before = PolicyAtAgents();
                }

                Crash(learner);
                learner = Start(batching);
                var after = PolicyAtAgents();
                Assert.Equal((3, 3), (before.Version, after.Version));
                foreach (var item in LessonOf(1).Shown)
                {
                    float[] features = [.. item.Features.Units.ToArray().Select(unit => unit / (float)FeatureVector.One)];
                    Assert.Equal(BitConverter.SingleToInt32Bits(before.Mean(features)), BitConverter.SingleToInt32Bits(after.Mean(features)));
                }
            }
        }

        var view = Published(learner);
        Assert.Equal((undisturbed.Image().Hash(), 5, 20), (view.Hash, view.Version, view.Lessons));
        Assert.Equal(hasSnapshot, StoredSnapshot() is not null);
    }

    [Fact]
    public void A_snapshot_that_does_not_fit_its_hash_is_refused()
    {
        var damaged = new LearnerSnapshot(new string('0', 64), new Learner(new LearnerOptions()).Image(), [], 7);
        Snapshots.Tell(new SaveSnapshot(new SnapshotMetadata("learner-home", 7, Sample.Noon.UtcDateTime), damaged), TestActor);
        ExpectMsg<SaveSnapshotSuccess>(cancellationToken: TestContext.Current.CancellationToken);

        EventFilter.Exception<InvalidOperationException>(contains: "it is damaged; delete the snapshots file, the journal rebuilds it").Expect(
            1, () => ExpectTerminated(Watch(Start()), cancellationToken: TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_the_journal_did_not_take_is_not_acknowledged_and_the_repeat_is_learned_once()
    {
        var learner = Watch(Start());
        Teach(learner, Sample.Ann, 0, 1);
        ExpectTaken(1);
        Journal.Tell(new FailNextWrite());
        Teach(learner, Sample.Ann, 0, 2);
        ExpectTerminated(learner, cancellationToken: TestContext.Current.CancellationToken);

        learner = Start();
        Teach(learner, Sample.Ann, 0, 2);
        ExpectTaken(2);
        Assert.Equal(2, Published(learner).Lessons);
    }

    private static Lesson LessonOf(long number)
    {
        var x = Sample.Features(((int)(number % 7), 1), (47, 0.5f));
        return (number % 3) switch
        {
            0 => Sample.Rewarded(number, number, $"i{number % 5}", x),
            1 => Sample.Shown(number, number, ($"i{number % 5}", x), ($"i{number % 4 + 5}", x)),
            _ => Sample.Touched(number, number, $"i{number % 5}", session: number % 4),
        };
    }

    private IActorRef Start(LearnerBatching? batching = null)
        => Sys.ActorOf(Props.Create(() => new LearnerActor(Scenario, batching ?? AtOnce, _agents.Ref)));

    private void Teach(IActorRef learner, UserId user, long settled, params long[] numbers)
        => learner.Tell(new Teach(user, settled, [.. numbers.Select(LessonOf)]));

    private void ExpectTaken(long through)
        => Assert.Equal(new Taken(Sample.Home, through), ExpectMsg<Taken>(cancellationToken: TestContext.Current.CancellationToken));

    // Answered after all that was written before it, so nothing else may come first.
    private LearnerView Published(IActorRef learner)
    {
        learner.Tell(Publish.Now);
        ExpectMsg<Published>(cancellationToken: TestContext.Current.CancellationToken);
        learner.Tell(LearnerStatus.Ask);
        return ExpectMsg<LearnerView>(cancellationToken: TestContext.Current.CancellationToken);
    }

    private LearnerSnapshot Snapshot(IActorRef learner)
    {
        var view = Published(learner);
        AwaitCondition(() => StoredSnapshot()?.Learner.Version == view.Version, cancellationToken: TestContext.Current.CancellationToken);
        return StoredSnapshot()!;
    }

    private LearnerSnapshot? StoredSnapshot()
    {
        var reader = CreateTestProbe();
        Snapshots.Tell(new LoadSnapshot("learner-home", SnapshotSelectionCriteria.Latest, long.MaxValue), reader);
        return (LearnerSnapshot?)reader.ExpectMsg<LoadSnapshotResult>(cancellationToken: TestContext.Current.CancellationToken).Snapshot?.Snapshot;
    }

    private LinearPolicy PolicyAtAgents()
        => ((PolicyPublished)_agents.ExpectMsg<Broadcast>(cancellationToken: TestContext.Current.CancellationToken).Message).Policy;
}
