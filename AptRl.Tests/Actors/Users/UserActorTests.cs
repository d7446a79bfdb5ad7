using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Hosting;
using AptRl.Actors.Streams;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Users;

public sealed class UserActorTests : JournalKit
{
    private static readonly ScenarioOptions Scenario = new() { Id = Sample.Home };

    private readonly TestProbe _encoder;
    private readonly TestProbe _agents;
    private readonly TestProbe _learner;
    private readonly TestProbe _shop;
    private readonly List<Lesson> _taught = [];

    public UserActorTests()
        => (_encoder, _agents, _learner, _shop) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void An_event_with_a_reward_is_answered_when_the_learner_has_taken_the_reward()
    {
        var user = Start();
        Decide(user, "r", "a", "b");                    // lesson 1
        Observe(user, Sample.At(1, "view", "z"));       // lesson 2, no reward: answered without the learner
        Assert.Equal(new Observed(new EventId("view"), ObserveStatus.Accepted, 0), Expect<Observed>(_shop));

        Observe(user, Sample.At(2, "click", "a"));      // lesson 3 is the touch, 4 the reward
        user.Tell(new Taken(Sample.Home, 3));
        _shop.ExpectNoMsg(Quiet, TestContext.Current.CancellationToken);
        user.Tell(new Taken(Sample.Home, 4));
        Assert.Equal(new Observed(new EventId("click"), ObserveStatus.Accepted, 1), Expect<Observed>(_shop));
    }

    [Fact]
    public void What_a_crash_left_unfinished_a_repeat_finishes_and_the_reward_counts_once()
    {
        var learner = Sys.ActorOf(Props.Create(() => new LearnerActor(
            Scenario, new LearnerBatching { AgeMax = TimeSpan.Zero, PublishEvery = TimeSpan.Zero }, ActorRefs.Nobody)));
        var user = Start();
        Decide(user, "r", "a", "b");
        Observe(user, Sample.At(2, "click", "a"));
        AwaitAssert(() => Assert.Equal(3, TaughtThrough()), cancellationToken: TestContext.Current.CancellationToken);

        // The learner has made it durable and the user never hears of it.
        learner.Tell(new Teach(Sample.Ann, 0, [.. _taught]), TestActor);
        ExpectMsg<Taken>(cancellationToken: TestContext.Current.CancellationToken);
        Crash(user);
        _shop.ExpectNoMsg(Quiet, TestContext.Current.CancellationToken);

        user = Start();
        var again = Expect<Teach>(_learner);
        Assert.Equal([1, 2, 3], again.Lessons.Select(lesson => lesson.Number));
        Observe(user, Sample.At(2, "click", "a"));
        _shop.ExpectNoMsg(Quiet, TestContext.Current.CancellationToken);
        learner.Tell(again, user);
        Assert.Equal(new Observed(new EventId("click"), ObserveStatus.Duplicate, 0), Expect<Observed>(_shop));
        Assert.Equal((1, 1), (ViewOf(user).RewardsJoined, ViewOf(user).Accepted));
        learner.Tell(Publish.Now, TestActor);
        ExpectMsg<Published>(cancellationToken: TestContext.Current.CancellationToken);
        learner.Tell(LearnerStatus.Ask, TestActor);
        Assert.Equal(1, ExpectMsg<LearnerView>(cancellationToken: TestContext.Current.CancellationToken).Rewards);
    }

    [Fact]
    public void A_learner_that_does_not_answer_is_asked_again()
    {
        var user = Start(new UserOptions { TeachAgain = TimeSpan.FromMilliseconds(100) });
        Observe(user, Sample.At(0, "view", "a"));
        Assert.Equal(Expect<Teach>(_learner).Lessons.Single().Number, Expect<Teach>(_learner).Lessons.Single().Number);
    }

    [Fact]
    public void A_repeated_request_gets_the_same_decision_also_at_the_same_time_and_after_a_restart()
    {
        var user = Start();
        user.Tell(Request("r"), _shop);
        user.Tell(Request("r"), _shop);
        Answer("r", "a", "b");
        var first = Expect<Recommended>(_shop).Decision!;
        Assert.Same(first, Expect<Recommended>(_shop).Decision);

        Crash(user);
        user = Start();
        user.Tell(Request("r"), _shop);
        var again = Expect<Recommended>(_shop).Decision!;
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(first.Slate.Select(shown => shown.Item), again.Slate.Select(shown => shown.Item));
        Assert.Equal(1, ViewOf(user).DecisionCount);
        Assert.False(_encoder.HasMessages || _agents.HasMessages);
    }

    [Fact]
    public void A_decision_is_answered_and_told_when_it_is_durable()
    {
        var user = Start();
        user.Tell(Request("r"), _shop);
        Journal.Tell(new HoldWrites());
        Answer("r", "a");
        _shop.ExpectNoMsg(Quiet, TestContext.Current.CancellationToken);
        Assert.False(_learner.HasMessages);
        Journal.Tell(new ReleaseWrites());
        Assert.NotNull(Expect<Recommended>(_shop).Decision);
    }

    [Fact]
    public void One_request_too_many_is_busy_and_the_others_are_answered()
    {
        var user = Start(new UserOptions { DecidingMax = 1 });
        user.Tell(Request("r1"), _shop);
        user.Tell(Request("r2"), _shop);
        Assert.Equal(Refusal.Busy, Expect<Recommended>(_shop).Refusal);
        Answer("r1", "a");
        Assert.NotNull(Expect<Recommended>(_shop).Decision);
    }

    [Fact]
    public void Beyond_the_answers_that_may_wait_a_reward_is_busy_and_so_is_a_repeat_and_neither_is_kept()
    {
        var user = Start(new UserOptions { AnswersMax = 1 });
        Decide(user, "r", "a", "b");
        Observe(user, Sample.At(1, "first", "a"));
        Observe(user, Sample.At(2, "second", "b"));
        Assert.Equal(new Observed(new EventId("second"), ObserveStatus.Busy, 0), Expect<Observed>(_shop));
        Observe(user, Sample.At(1, "first", "a"));
        Assert.Equal(new Observed(new EventId("first"), ObserveStatus.Busy, 0), Expect<Observed>(_shop));
        Assert.Equal(1, ViewOf(user).Accepted);

        user.Tell(new Taken(Sample.Home, 3));
        Assert.Equal(new Observed(new EventId("first"), ObserveStatus.Accepted, 1), Expect<Observed>(_shop));
    }

    [Fact]
    public void A_full_outbox_takes_no_event_and_no_request_until_the_learner_follows()
    {
        var user = Start(windows: new WindowOptions { OutboxMax = 1 });
        Observe(user, Sample.At(0, "1", "a"));
        Assert.Equal(ObserveStatus.Accepted, Expect<Observed>(_shop).Status);
        Observe(user, Sample.At(1, "2", "b"));
        Assert.Equal(ObserveStatus.Busy, Expect<Observed>(_shop).Status);
        user.Tell(Request("r"), _shop);
        Assert.Equal(Refusal.Busy, Expect<Recommended>(_shop).Refusal);

        user.Tell(new Taken(Sample.Home, 1));
        Observe(user, Sample.At(1, "2", "b"));
        Assert.Equal(ObserveStatus.Accepted, Expect<Observed>(_shop).Status);
    }

    [Fact]
    public void A_request_that_takes_too_long_is_busy_and_may_be_asked_again()
    {
        var user = Start(new UserOptions { DecideTimeout = TimeSpan.FromMilliseconds(100) });
        user.Tell(Request("r"), _shop);
        Assert.Equal(new Recommended(null, Refusal.Busy, "no decision within 0.1 s: ask again in a second"), Expect<Recommended>(_shop));
        Expect<Encode>(_encoder);

        user.Tell(Request("r"), _shop);
        Answer("r", "a");
        Assert.NotNull(Expect<Recommended>(_shop).Decision);
    }

    [Fact]
    public void Where_the_encoder_has_no_state_the_request_is_busy_at_once_events_go_on_and_asked_again_it_is_decided()
    {
        var user = Start();
        user.Tell(Request("r"), _shop);
        user.Tell(new EncoderBusy(Expect<Encode>(_encoder).For, "the encoder failed"));
        Assert.Equal(new Recommended(null, Refusal.Busy, "the encoder failed: ask again in a second"), Expect<Recommended>(_shop));
        Observe(user, Sample.At(0, "1", "a"));
        Assert.Equal(ObserveStatus.Accepted, Expect<Observed>(_shop).Status);
        Decide(user, "r", "a");
    }

    [Fact]
    public void A_deleted_user_is_a_stranger_whose_lessons_are_taken_again()
    {
        var user = Start();
        Decide(user, "r", "a");
        Observe(user, Sample.At(1, "view", "z"));
        Expect<Observed>(_shop);
        _shop.Watch(user);
        user.Tell(new Delete(Sample.Ann), _shop);
        _shop.ExpectNoMsg(Quiet, TestContext.Current.CancellationToken); // lessons 1 and 2 are on their way
        user.Tell(new Taken(Sample.Home, 2));
        Assert.Equal([2, long.MaxValue], new[] { ExpectForget(), ExpectForget() });
        user.Tell(new Forgotten(Sample.Home));
        Assert.True(Expect<Deleted>(_shop).WasKnown);
        _shop.ExpectTerminated(user, cancellationToken: TestContext.Current.CancellationToken);

        user = Start();
        Assert.Equal((0, 0), (ViewOf(user).Accepted, ViewOf(user).DecisionCount));
        Observe(user, Sample.At(1, "view", "z"));
        Assert.Equal(ObserveStatus.Accepted, Expect<Observed>(_shop).Status);
        var taught = _learner.FishForMessage<Teach>(_ => true, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, 1), (taught.Settled, taught.Lessons.Single().Number));
    }

    [Fact]
    public void A_deletion_whose_learner_was_lost_is_finished_by_asking_again()
    {
        var user = Start();
        user.Tell(new Delete(Sample.Ann), _shop);
        ExpectForget();
        var second = CreateTestProbe();
        user.Tell(new Delete(Sample.Ann), second);
        ExpectForget();
        user.Tell(new Forgotten(Sample.Home));
        Assert.False(Expect<Deleted>(_shop).WasKnown);
        Assert.False(Expect<Deleted>(second).WasKnown);
    }

    [Fact]
    public void A_deletion_goes_on_while_its_user_is_to_move()
    {
        var user = Start();
        user.Tell(new Delete(Sample.Ann), _shop);
        ExpectForget();
        user.Tell(Retire.Instance);
        user.Tell(new Forgotten(Sample.Home));
        Assert.False(Expect<Deleted>(_shop).WasKnown);
    }

    [Fact]
    public void A_user_that_is_being_deleted_can_still_be_retired_when_the_learner_says_nothing()
    {
        var user = Watch(Start(new UserOptions { DecideTimeout = TimeSpan.FromMilliseconds(100) }));
        user.Tell(new Delete(Sample.Ann), _shop);
        ExpectForget();
        user.Tell(Retire.Instance);
        ExpectTerminated(user, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_retired_user_has_settled_and_resends_nothing()
    {
        var user = Watch(Start());
        Observe(user, Sample.At(0, "1", "a"));
        Expect<Observed>(_shop);
        user.Tell(new Taken(Sample.Home, 1));
        user.Tell(Retire.Instance);
        Assert.Equal(1, ExpectForget());
        ExpectTerminated(user, cancellationToken: TestContext.Current.CancellationToken);

        user = Start();
        Observe(user, Sample.At(1, "2", "b"));
        var taught = Expect<Teach>(_learner);
        Assert.Equal((1, 2), (taught.Settled, taught.Lessons.Single().Number));
    }

    [Fact]
    public void A_user_retired_with_lessons_on_their_way_sends_them_when_it_is_back()
    {
        var user = Watch(Start());
        Observe(user, Sample.At(0, "1", "a"));
        Expect<Observed>(_shop);
        user.Tell(Retire.Instance);
        ExpectTerminated(user, cancellationToken: TestContext.Current.CancellationToken);
        Expect<Teach>(_learner);
        Assert.False(_learner.HasMessages);

        Start();
        Assert.Equal(1, Expect<Teach>(_learner).Lessons.Single().Number);
    }

    [Theory]
    [InlineData(typeof(FailNextWrite))]
    [InlineData(typeof(RejectNextWrite))]
    public void What_the_journal_did_not_take_is_not_acknowledged_and_the_repeat_is_accepted_once(Type fault)
    {
        var user = Watch(Start());
        Journal.Tell(Activator.CreateInstance(fault)!);
        Observe(user, Sample.At(0, "1", "a"));
        Assert.Equal(new Observed(new EventId("1"), ObserveStatus.Busy, 0), Expect<Observed>(_shop));
        ExpectTerminated(user, cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(_shop.HasMessages || _learner.HasMessages);

        user = Start();
        Observe(user, Sample.At(0, "1", "a"));
        Assert.Equal(ObserveStatus.Accepted, Expect<Observed>(_shop).Status);
        Observe(user, Sample.At(0, "1", "a"));
        Assert.Equal(ObserveStatus.Duplicate, Expect<Observed>(_shop).Status);
        Assert.Equal(1, ViewOf(user).Accepted);
    }

    [Fact]
    public void A_decision_that_the_journal_did_not_take_sends_away_all_who_wait_and_each_is_served_once_when_it_comes_again()
    {
        var user = Watch(Start());
        Decide(user, "page", "a", "b");                 // lesson 1
        Observe(user, Sample.At(1, "click", "a"));      // lessons 2 and 3; it waits for the learner
        user.Tell(Request("unwritten"), _shop);
        user.Tell(Request("unanswered"), _shop);
        AwaitCondition(() => TaughtThrough() == 3, cancellationToken: TestContext.Current.CancellationToken);
        Journal.Tell(new FailNextWrite());
        Answer("unwritten", "a", "b");
        string[] reasons = [.. Enumerable.Range(0, 2).Select(_ => Expect<Recommended>(_shop)).Select(answer => $"{answer.Refusal} {answer.Reason}")];
        Assert.All(reasons, reason => Assert.Equal("Busy the journal did not take what was written of this user: ask again in a second", reason));
        Assert.Equal(new Observed(new EventId("click"), ObserveStatus.Busy, 0), Expect<Observed>(_shop));
        ExpectTerminated(user, cancellationToken: TestContext.Current.CancellationToken);
        Expect<Encode>(_encoder);                       // of the request that was never answered

        user = Start();
        Decide(user, "unwritten", "b", "a");            // lesson 4
        Observe(user, Sample.At(1, "click", "a"));
        user.Tell(new Taken(Sample.Home, 4));
        Assert.Equal(ObserveStatus.Duplicate, Expect<Observed>(_shop).Status);
        Assert.Equal((1, 2, 1), ViewOf(user) is var ann ? (ann.Accepted, ann.DecisionCount, ann.RewardsJoined) : default);
    }

    [Fact]
    public void A_user_recovered_from_a_snapshot_knows_what_one_recovered_from_the_journal_knows()
    {
        var user = Start(new UserOptions { SnapshotEvery = 2 });
        Decide(user, "r", "a", "b");
        Observe(user, Sample.At(1, "click", "b"));
        user.Tell(new Taken(Sample.Home, 3));
        Expect<Observed>(_shop);
        Observe(user, Sample.At(2, "view", "z"));
        Expect<Observed>(_shop);
        var before = ViewOf(user);
        AwaitCondition(
            () =>
            {
                var reader = CreateTestProbe();
                Snapshots.Tell(new LoadSnapshot("user-ann", SnapshotSelectionCriteria.Latest, long.MaxValue), reader);
                return Expect<LoadSnapshotResult>(reader).Snapshot is not null;
            },
            cancellationToken: TestContext.Current.CancellationToken);
        Crash(user);

        var after = ViewOf(Start());
        Assert.Equal(
            (before.WindowHash, before.Accepted, before.RewardsJoined, before.DecisionCount, before.Sessions),
            (after.WindowHash, after.Accepted, after.RewardsJoined, after.DecisionCount, after.Sessions));
        Assert.Equal(before.RecentDecisions, after.RecentDecisions);
    }

    private static T Expect<T>(TestProbe probe) => probe.ExpectMsg<T>(cancellationToken: TestContext.Current.CancellationToken);

    private static Recommend Request(string id) => new(new RecommendRequest(Sample.Ann, Sample.Home, id, Sample.Noon, 2, [], []));

    private IActorRef Start(UserOptions? options = null, WindowOptions? windows = null)
    {
        var scenarios = ImmutableDictionary<ScenarioId, ScenarioActors>.Empty
            .Add(Sample.Home, new ScenarioActors(Scenario, _agents.Ref, _learner.Ref));
        var with = new UserDependencies(windows ?? new WindowOptions(), options ?? new UserOptions(), _encoder.Ref, scenarios, new DecisionBroadcast());
        return Sys.ActorOf(Props.Create(() => new UserActor(Sample.Ann, with)));
    }

    private void Observe(IActorRef user, Interaction interaction) => user.Tell(new Observe(interaction), _shop);

    private void Decide(IActorRef user, string request, params string[] items)
    {
        user.Tell(Request(request), _shop);
        Answer(request, items);
        Assert.NotNull(Expect<Recommended>(_shop).Decision);
    }

    private void Answer(string request, params string[] items)
    {
        var asked = Expect<Encode>(_encoder);
        _encoder.LastSender.Tell(new Encoded(asked.For, [1, 0]));
        Expect<Decide>(_agents);
        _agents.LastSender.Tell(new Decided(Sample.Decided(0, request, items)));
    }

    private UserView ViewOf(IActorRef user)
    {
        var asking = CreateTestProbe();
        user.Tell(new UserOf(Sample.Ann), asking);
        return Expect<UserView>(asking);
    }

    private long ExpectForget()
        => ((Forget)_learner.FishForMessage(message => message is Forget, cancellationToken: TestContext.Current.CancellationToken)).Through;

    private long TaughtThrough()
    {
        while (_learner.HasMessages)
        {
            _taught.AddRange(Expect<Teach>(_learner).Lessons);
        }

        return _taught.Count == 0 ? 0 : _taught[^1].Number;
    }
}
