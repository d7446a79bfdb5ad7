using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Actors.Telemetry;
using AptRl.Model.Events;
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
public sealed partial class UserActor : ReceivePersistentActor, IWithTimers
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
}
