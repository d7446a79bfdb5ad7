using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Actors.Telemetry;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Users;

/// <summary>Owns one user: judges events, keeps the window, joins rewards, and has decisions made.</summary>
/// <remarks>
/// Judge (pure) → persist → apply → answer. An event is answered when it is durable here, and if it carries a reward,
/// when the learner has made that durable too. What a crash leaves in between is finished on recovery, when the lessons
/// that are not settled are sent again, and the learner takes each once; a repeated event waits for the same.
/// A decision is answered when it is durable; a repeated request gets it again. Where a write fails, who waits is told Busy at
/// once and the actor stops; the next message starts it again from what is durable.
/// </remarks>
public sealed class UserActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>How the journals' names of users begin.</summary>
    public const string Prefix = "user-";

    // A lesson has a few kilobytes, and no message between nodes more than a few hundred.
    private const int LessonsMax = 64;

    private readonly UserDependencies _with;
    private readonly UserId _user;
    private readonly ImmutableArray<ScenarioId> _taught;
    private readonly Dictionary<DecisionId, Request> _deciding = [];
    private readonly OpenAnswers _answers = new();
    private readonly Dictionary<ScenarioId, long> _sent = [];
    private UserTimeline _timeline;
    private float[]? _state;
    private long _late;
    private long _snapshotAt;
    private Action? _stopped;
    private bool _isRetiring;
    private bool _isSaving;

    /// <summary>Recovers what is known of the user.</summary>
    public UserActor(UserId user, UserDependencies with)
    {
        (_user, _with) = (user, with);
        _taught = [.. with.Scenarios.Keys.OrderBy(scenario => scenario.Value, StringComparer.Ordinal)];
        _timeline = new UserTimeline(user, with.Windows);
        PersistenceId = PersistenceIdOf(user);
        Recover<SnapshotOffer>(offer =>
        {
            _timeline = new UserTimeline((UserTimelineImage)offer.Snapshot, with.Windows);
            _snapshotAt = offer.Metadata.SequenceNr;
        });
        Recover<IUserFact>(fact => _timeline.Apply(fact));
        Recover<RecoveryCompleted>(_ =>
        {
            foreach (var (scenario, _) in _timeline.Outboxes.Where(pair => !with.Scenarios.ContainsKey(pair.Key)).ToList())
            {
                _timeline.SetAside(scenario);
            }

            Teach();
        });
        Command<Observe>(Take);
        Command<Recommend>(Take);
        Command<Encoded>(Take);
        Command<EncoderBusy>(busy => Refuse(busy.For, busy.Reason));
        Command<Decided>(Take);
        Command<DecideOverdue>(overdue => Refuse(overdue.Id, $"no decision within {with.Options.DecideTimeout.TotalSeconds} s"));
        Command<Taken>(Take);
        Command<TeachAgain>(_ => SendAgain());
        Command<DecisionOf>(ask => Sender.Tell(new FoundDecision(UserViews.Of(_timeline.Find(ask.Id)))));
        Command<UserOf>(_ => Sender.Tell(UserViews.Of(_timeline, _late)));
        Command<Delete>(StartDeleting);
        Command<Retire>(_ => StartRetiring());
        Command<RetireOverdue>(_ => SettleThen(() => Context.Stop(Self)));
        Command<SaveSnapshotSuccess>(saved =>
        {
            _isSaving = false;
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
        });
        Command<SaveSnapshotFailure>(failure =>
        {
            _isSaving = false;
            Log.Warning(failure.Cause, "the snapshot of user {User} was not saved; the journal holds everything", user);
        });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { });
        Command<Forgotten>(_ => { });
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Whether a journal's name is that of a user.</summary>
    public static bool IsOfUser(string persistenceId) => persistenceId.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whose journal this name is of.</summary>
    public static UserId UserOf(string persistenceId) => new(persistenceId[Prefix.Length..]);

    /// <summary>The journal's name of a user.</summary>
    public static string PersistenceIdOf(UserId user) => Prefix + user;

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        WriteFailed.Tell(Context, Log, PersistenceId, cause);
        TurnAway(@event);
    }

    /// <summary>What the journal rejected is not written either: as where a write failed, who waits is told and the actor stops.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        WriteFailed.Tell(Context, Log, PersistenceId, cause);
        TurnAway(@event);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        base.PostStop();
        _stopped?.Invoke();
    }

    private void Take(Observe message)
    {
        var (since, span) = (Stopwatch.GetTimestamp(), Spans.Start(Spans.UserObserve, message.Trace));
        var interaction = message.Interaction;
        switch (_timeline.Judge(interaction))
        {
            case Verdict.Duplicate:
                AnswerWhenTaken(new Observed(interaction.Id, ObserveStatus.Duplicate, 0), since, span);
                break;
            case Verdict.Late:
                _late++;
                Sender.Tell(new Observed(interaction.Id, ObserveStatus.Late, 0));
                Spans.End(span, nameof(ObserveStatus.Late));
                break;
            case Verdict.Busy:
            case Verdict.Accept when _answers.Count >= _with.Options.AnswersMax:
                Meters.Refused("user");
                Sender.Tell(new Observed(interaction.Id, ObserveStatus.Busy, 0));
                Spans.End(span, nameof(ObserveStatus.Busy), "a bound was met");
                break;
            default:
                PersistFact(_timeline.Accept(interaction, _taught), span, accepted =>
                {
                    _state = null;
                    TellRewards(accepted);
                    AnswerWhenTaken(new Observed(interaction.Id, ObserveStatus.Accepted, accepted.Rewards.Length), since, span);
                });
                break;
        }
    }

    private void TellRewards(InteractionAccepted accepted)
    {
        if (_with.Broadcast.Outcomes.IsHeard)
        {
            foreach (var reward in accepted.Rewards)
            {
                _with.Broadcast.Outcomes.Tell(new DecisionOutcome(
                    null, new DecisionRewarded(reward.Decision, reward.Position, reward.Type, (double)reward.Amount / FeatureVector.One)));
            }
        }
    }

    private void AnswerWhenTaken(Observed observed, long since, Activity? span)
    {
        var missing = _timeline.UnsettledRewardsOf(observed.Id).ToList();
        if (missing.Count > 0 && observed.Status is ObserveStatus.Duplicate && _answers.Count >= _with.Options.AnswersMax)
        {
            Meters.Refused("user");
            Sender.Tell(new Observed(observed.Id, ObserveStatus.Busy, 0));
            Spans.End(span, nameof(ObserveStatus.Busy), "a bound was met");
        }
        else
        {
            _answers.Add(observed, Sender, since, span, missing);
        }
    }

    private void Take(Recommend message)
    {
        var request = message.Request;
        var id = DecisionId.For(_user, request.Scenario, request.RequestId);
        var span = Spans.Start(Spans.UserRecommend, message.Trace);
        if (_timeline.Find(id) is { } remembered)
        {
            Sender.Tell(new Recommended(remembered.Decision));
            Spans.End(span, "Repeated");
        }
        else if (_deciding.TryGetValue(id, out var underWay) && underWay.From.Count < _with.Options.AnswersMax)
        {
            underWay.From.Add(Sender);
            Spans.End(span, "Joined");
        }
        else if (underWay is not null || _timeline.IsBusy || _deciding.Count >= _with.Options.DecidingMax)
        {
            Meters.Refused("user");
            Sender.Tell(new Recommended(null, Refusal.Busy, "too much of this user is under way: ask again in a second"));
            Spans.End(span, nameof(Refusal.Busy), "a bound was met");
        }
        else
        {
            _deciding[id] = new Request(request, _timeline.Window.Touches, [Sender], Stopwatch.GetTimestamp(), span);
            Timers.StartSingleTimer(id, new DecideOverdue(id), _with.Options.DecideTimeout);
            if (_state is { } state)
            {
                Decide(id, state);
            }
            else
            {
                _with.Encoder.Tell(new Encode(id, _timeline.Window.Touches) { Trace = Spans.TraceOf(span) });
            }
        }
    }

    private void Take(Encoded encoded)
    {
        if (!_deciding.TryGetValue(encoded.For, out var request))
        {
            return;
        }

        if (request.Window.Equals(_timeline.Window.Touches))
        {
            _state = encoded.State;
        }

        Decide(encoded.For, encoded.State);
    }

    private void Decide(DecisionId id, float[] state)
    {
        var (request, window, _, _, span) = _deciding[id];
        var context = new DecisionContext(
            id, request.RequestId, request.At, request.Count, request.Candidates, request.Exclude, request.Category, state, window, _timeline.Session, _timeline.TimesShown(request.Scenario));
        _with.Scenarios[request.Scenario].Agents.Tell(new Decide(context) { Trace = Spans.TraceOf(span) });
    }

    private void Take(Decided decided)
    {
        var id = decided.Decision.Id;
        if (!_deciding.TryGetValue(id, out var underWay))
        {
            return;
        }

        var since = Stopwatch.GetTimestamp();
        PersistFact(new DecisionMade(decided.Decision), underWay.Span, made =>
        {
            Meters.Took(Stage.Journal, since);
            Timers.Cancel(id);
            if (_deciding.Remove(id, out var request))
            {
                request.From.ForEach(from => from.Tell(new Recommended(made.Decision)));
                Meters.Took(Stage.Recommend, request.Since);
                Spans.End(request.Span, "Decided");
            }

            _with.Broadcast.Tell(made.Decision);
            RetireWhenIdle();
        });
    }

    private void Refuse(DecisionId id, string reason)
    {
        Timers.Cancel(id);
        if (_deciding.Remove(id, out var request))
        {
            Meters.Refused("decide");
            Refuse(request, reason);
            RetireWhenIdle();
        }
    }

    private static void Refuse(Request request, string reason)
    {
        Spans.End(request.Span, nameof(Refusal.Busy), reason);
        request.From.ForEach(from => from.Tell(new Recommended(null, Refusal.Busy, $"{reason}: ask again in a second")));
    }

    // The actor is about to stop, and with it goes who waits for what.
    private void TurnAway(object unwritten)
    {
        Meters.Refused("journal");
        if (unwritten is InteractionAccepted accepted)
        {
            Sender.Tell(new Observed(accepted.Interaction.Id, ObserveStatus.Busy, 0));
        }

        foreach (var request in _deciding.Values)
        {
            Refuse(request, "the journal did not take what was written of this user");
        }

        _answers.Refuse();
    }

    private void PersistFact<TFact>(TFact fact, Activity? span, Action<TFact> then)
        where TFact : IUserFact
    {
        var trace = Spans.TraceOf(span);
        var write = Spans.StartWrite(trace, fact);
        Persist(fact, persisted =>
        {
            Spans.End(write);
            _timeline.Apply(persisted);
            Teach(trace);
            then(persisted);
            if (LastSequenceNr - _snapshotAt >= _with.Options.SnapshotEvery)
            {
                _snapshotAt = LastSequenceNr;
                _isSaving = true;
                SaveSnapshot(_timeline.Image());
            }
        });
    }

    // Sends each lesson once; what is not taken in time is sent again, and no longer as a part of what brought it.
    private void Teach(string? trace = null)
    {
        foreach (var (scenario, outbox) in _timeline.Outboxes)
        {
            var sent = Math.Max(_sent.GetValueOrDefault(scenario), outbox.Settled);
            if (outbox.Next - 1 <= sent)
            {
                continue;
            }

            _sent[scenario] = outbox.Next - 1;
            foreach (var lessons in outbox.Lessons.Where(lesson => lesson.Number > sent).Chunk(LessonsMax))
            {
                _with.Scenarios[scenario].Learner.Tell(new Teach(_user, outbox.Settled, [.. lessons]) { Trace = trace });
            }

            if (!Timers.IsTimerActive(TeachAgain.Now))
            {
                Timers.StartSingleTimer(TeachAgain.Now, TeachAgain.Now, _with.Options.TeachAgain);
            }
        }
    }

    private void Take(Taken taken)
    {
        // Applied without being journalled: if it is lost the learner is only asked again.
        _timeline.Apply(new LessonsSettled(taken.Scenario, taken.Through));
        _answers.Settle(taken);
        RetireWhenIdle();
    }

    private void SendAgain()
    {
        if (_timeline.Outboxes.All(pair => pair.Value.Lessons.Count == 0))
        {
            return;
        }

        _sent.Clear();
        Teach();
    }

    // What is under way is answered first; what comes meanwhile waits with the shard and goes where the user goes.
    private void StartRetiring()
    {
        _isRetiring = true;
        Timers.StartSingleTimer(RetireOverdue.Now, RetireOverdue.Now, _with.Options.DecideTimeout);
        RetireWhenIdle();
    }

    private void RetireWhenIdle()
    {
        if (_isRetiring && _deciding.Count == 0 && _answers.Count == 0)
        {
            _isRetiring = false;
            Timers.Cancel(RetireOverdue.Now);
            SettleThen(() => Context.Stop(Self));
        }
    }

    // Makes it durable that nothing is open, tells the learners that they may forget the user, and goes on.
    private void SettleThen(Action next)
    {
        if (_timeline.Outboxes.Any(pair => pair.Value.Lessons.Count > 0))
        {
            next();
            return;
        }

        var settled = _timeline.Outboxes.Select(pair => new LessonsSettled(pair.Key, pair.Value.Settled)).ToList();
        if (settled.Count == 0)
        {
            next();
            return;
        }

        PersistAll(settled, fact =>
        {
            _timeline.Apply(fact);
            _with.Scenarios[fact.Scenario].Learner.Tell(new Forget(_user, fact.Through));
            if (fact == settled[^1])
            {
                next();
            }
        });
    }

    // Settled → forgotten by every learner → snapshots deleted → facts deleted → answered: in this order a crash at any point loses no reward
    // and counts none twice, and asking again finishes it.
    private void StartDeleting(Delete delete)
    {
        if (delete.Through is { } through && through != LastSequenceNr)
        {
            Sender.Tell(new Deleted(WasKnown: false));
            return;
        }

        var askers = new HashSet<IActorRef> { Sender };
        var wasKnown = _timeline.Accepted > 0 || _timeline.DecisionCount > 0;
        Become(() => Deleting(askers, wasKnown));
        Self.Tell(GoOnDeleting.Now);
    }

    private void Deleting(HashSet<IActorRef> askers, bool wasKnown)
    {
        var waiting = _with.Scenarios.Keys.ToHashSet();
        Command<Delete>(_ =>
        {
            if (askers.Count < _with.Options.AnswersMax)
            {
                askers.Add(Sender);
            }

            Self.Tell(GoOnDeleting.Now);
        });
        Command<GoOnDeleting>(_ => GoOn());
        Command<Taken>(Take);
        Command<TeachAgain>(_ => SendAgain());
        Command<Forgotten>(forgotten =>
        {
            if (waiting.Remove(forgotten.Scenario))
            {
                DeleteSnapshotsIfAllForgot();
            }
        });
        Command<SaveSnapshotSuccess>(_ => Saved());
        Command<SaveSnapshotFailure>(_ => Saved());
        Command<DeleteSnapshotsSuccess>(deleted =>
        {
            if (deleted.Criteria.Equals(SnapshotSelectionCriteria.Latest))
            {
                DeleteMessages(long.MaxValue);
            }
        });
        Command<DeleteSnapshotsFailure>(failure =>
        {
            if (failure.Criteria.Equals(SnapshotSelectionCriteria.Latest))
            {
                Log.Error(failure.Cause, "the snapshots of user {User} were not deleted; ask again", _user);
                Context.Stop(Self);
            }
        });
        Command<DeleteMessagesSuccess>(_ =>
        {
            // Answered when it has stopped: what is asked upon the answer must not come to an actor that is on its way out.
            _stopped = () =>
            {
                foreach (var asker in askers)
                {
                    asker.Tell(new Deleted(wasKnown), ActorRefs.NoSender);
                }
            };

            // The shard keeps what comes from now on for the user's next life; where no shard is above, a second later.
            Context.Parent.Tell(new Passivate(Stop.Now));
            Timers.StartSingleTimer(Stop.Now, Stop.Now, TimeSpan.FromSeconds(1));
        });
        Command<Stop>(_ => Context.Stop(Self));
        Command<DeleteMessagesFailure>(failure =>
        {
            Log.Error(failure.Cause, "the journal of user {User} was not deleted; ask again", _user);
            Context.Stop(Self);
        });
        Command<Observe>(message => Sender.Tell(new Observed(message.Interaction.Id, ObserveStatus.Busy, 0)));
        Command<Recommend>(_ => Sender.Tell(new Recommended(null, Refusal.Busy, "the user is being deleted: ask again in a second")));
        Command<Retire>(_ => Timers.StartSingleTimer(RetireOverdue.Now, RetireOverdue.Now, _with.Options.DecideTimeout));
        Command<RetireOverdue>(_ => Context.Stop(Self));
        CommandAny(_ => { });

        void Saved()
        {
            _isSaving = false;
            DeleteSnapshotsIfAllForgot();
        }

        // One that is still being saved would outlive the facts, and the user's next life would begin with it.
        void DeleteSnapshotsIfAllForgot()
        {
            if (waiting.Count == 0 && !_isSaving)
            {
                DeleteSnapshots(SnapshotSelectionCriteria.Latest);
            }
        }

        // Also the way on after a learner lost what it was told.
        void GoOn()
        {
            if (waiting.Count == 0)
            {
                return;
            }

            if (_timeline.Outboxes.Any(pair => pair.Value.Lessons.Count > 0))
            {
                Timers.StartSingleTimer(GoOnDeleting.Now, GoOnDeleting.Now, TimeSpan.FromMilliseconds(50));
                return;
            }

            SettleThen(() =>
            {
                Timers.StartSingleTimer(GoOnDeleting.Now, GoOnDeleting.Now, _with.Options.TeachAgain);
                foreach (var scenario in _taught.Where(waiting.Contains))
                {
                    _with.Scenarios[scenario].Learner.Tell(new Forget(_user, long.MaxValue));
                }
            });
        }
    }

    private sealed record Request(RecommendRequest Asked, ImmutableArray<Touch> Window, List<IActorRef> From, long Since, Activity? Span);

    private sealed record DecideOverdue(DecisionId Id) : INoSerializationVerificationNeeded;

    private sealed record GoOnDeleting : INoSerializationVerificationNeeded
    {
        public static readonly GoOnDeleting Now = new();
    }

    private sealed record Stop : INoSerializationVerificationNeeded
    {
        public static readonly Stop Now = new();
    }

    private sealed record RetireOverdue : INoSerializationVerificationNeeded
    {
        public static readonly RetireOverdue Now = new();
    }

    private sealed record TeachAgain : INoSerializationVerificationNeeded
    {
        public static readonly TeachAgain Now = new();
    }
}
