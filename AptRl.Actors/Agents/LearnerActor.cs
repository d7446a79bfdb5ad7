using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Routing;
using AptRl.Actors.Clustering;
using AptRl.Actors.Persistence;
using AptRl.Actors.Telemetry;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Actors.Agents;

/// <summary>The single writer of a scenario's policy: takes lessons, journals them in batches, publishes.</summary>
/// <remarks>
/// Exactly once: a user's lessons are numbered, and this takes n+1 after n and nothing else; a repeat is answered again and
/// changes nothing. <see cref="Taken"/> is answered when the lesson is durable. One batch is in the journal's hands at a
/// time; what comes meanwhile is the next.
/// </remarks>
public sealed class LearnerActor : ReceivePersistentActor, IWithTimers
{
    private readonly ScenarioOptions _scenario;
    private readonly LearnerBatching _batching;
    private readonly IActorRef _agents;
    private readonly EntryTeller? _teller;
    private readonly List<(LessonOf Lesson, IActorRef From, long Since, Activity? Span)> _waiting = [];
    private readonly Dictionary<UserId, long> _promised = [];
    private readonly List<(UserId User, IActorRef? From)> _forgetting = [];
    private readonly List<IActorRef> _publishing = [];
    private LearnerJournal _journal;
    private long _updatesAtSnapshot;
    private TimeSpan _publishedAt;
    private string? _unpublishedTrace;
    private bool _isWriting;
    private bool _isFlushDue;
    private bool _isUrgent;
    private bool _isPublishDue;
    private bool _isRetiring;

    /// <summary>Recovers, then keeps the agents supplied.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="batching">How it journals.</param>
    /// <param name="agents">Router to the agents of this node.</param>
    public LearnerActor(ScenarioOptions scenario, LearnerBatching batching, IActorRef agents)
        : this(scenario, batching, agents, null)
    {
    }

    /// <summary>Recovers, then tells its entries to the replicas of a cluster's nodes, which supply their agents.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="batching">How it journals.</param>
    /// <param name="entryBytesMax">Bytes of an entry that it tells.</param>
    public LearnerActor(ScenarioOptions scenario, LearnerBatching batching, int entryBytesMax)
        : this(scenario, batching, ActorRefs.Nobody, new EntryTeller(PersistenceIdOf(scenario.Id), (ExtendedActorSystem)Context.System, entryBytesMax))
    {
    }

    private LearnerActor(ScenarioOptions scenario, LearnerBatching batching, IActorRef agents, EntryTeller? teller)
    {
        (_scenario, _batching, _agents, _teller) = (scenario, batching, agents, teller);
        _journal = new LearnerJournal(scenario.Learner);
        PersistenceId = PersistenceIdOf(scenario.Id);
        Recover<SnapshotOffer>(offer =>
        {
            _journal = new LearnerJournal((LearnerSnapshot)offer.Snapshot, scenario.Learner);
            _updatesAtSnapshot = _journal.Updates;
        });
        Recover<LessonsLearned>(learned => _journal.Apply(learned));
        Recover<EncoderTookOver>(took => _journal.Apply(took));
        Recover<RecoveryCompleted>(_ => Start());
        Command<Teach>(Take);
        Command<Forget>(Take);
        Command<Publish>(_ => Take(Sender));
        Command<TakeOver>(Take);
        Command<LearnerStatus>(_ => Sender.Tell(LearnerView.Of(_journal)));
        Command<Follow>(_ => _teller?.Add(Sender, LastSequenceNr));
        Command<Retire>(_ => StartRetiring());
        Command<Flush>(_ => WriteIfIdle());
        Command<Tick>(_ => OnTick());
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failure => Log.Warning(failure.Cause, "the snapshot of learner {Scenario} was not saved; the journal holds everything", scenario.Id));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { });
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The journal's name of a scenario's learner.</summary>
    public static string PersistenceIdOf(ScenarioId scenario) => $"learner-{scenario}";

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        => WriteFailed.Tell(Context, Log, PersistenceId, cause);

    /// <summary>A rejected batch, like a failed one, is not written: started anew, this takes its lessons again.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        WriteFailed.Tell(Context, Log, PersistenceId, cause);
        Context.Stop(Self);
    }

    private void Start()
    {
        if (_journal.Learner.Version > 0 && _teller is null)
        {
            _agents.Tell(new Broadcast(new PolicyPublished(_journal.Learner.Policy(_scenario.Diversity.ExposureMax))));
        }

        if (_batching.PublishEvery > TimeSpan.Zero)
        {
            Timers.StartPeriodicTimer(Tick.Now, Tick.Now, _batching.PublishEvery);
        }
    }

    private void Take(Teach teach)
    {
        if (_isRetiring)
        {
            // The next writer is sent them again.
            return;
        }

        var high = _promised.TryGetValue(teach.User, out var promised) ? promised : _journal.TakenOf(teach.User, teach.Settled);
        var span = Spans.Start(Spans.Learn, teach.Trace)?.SetTag("aptrl.scenario", _scenario.Id.Value).SetTag("aptrl.lessons", teach.Lessons.Length);
        foreach (var lesson in teach.Lessons)
        {
            if (lesson.Number <= high)
            {
                continue;
            }

            if (lesson.Number > high + 1 || _waiting.Count >= _batching.WaitingMax)
            {
                Meters.Refused("learner");
                Spans.End(span, "Refused", "out of order, or a bound was met: the user sends them again");
                return;
            }

            high = lesson.Number;
            _promised[teach.User] = high;
            _waiting.Add((new LessonOf(teach.User, lesson), Sender, Stopwatch.GetTimestamp(), span));
        }

        Meters.Wait(Backlog.Learner, _waiting.Count);

        // Somebody waits for an answer that waits for a reward; for a touch, a showing or the value of a next slate nobody does.
        _isUrgent |= teach.Lessons.Any(lesson => lesson.By is not null && !lesson.Rewarded.IsEmpty);
        if (_promised.ContainsKey(teach.User))
        {
            WriteSoon();
        }
        else
        {
            Sender.Tell(new Taken(_scenario.Id, high));
            Spans.End(span, "Repeated");
        }
    }

    private void Take(Forget forget)
    {
        var isDeleted = forget.Through == long.MaxValue;
        if (isDeleted || (!_promised.ContainsKey(forget.User) && _journal.TakenOf(forget.User, -1) == forget.Through))
        {
            _forgetting.Add((forget.User, isDeleted ? Sender : null));
        }

        if (isDeleted)
        {
            _isUrgent = true;
            WriteSoon();
        }
    }

    private void Take(IActorRef publisher)
    {
        if (!_isWriting && _waiting.Count == 0 && _journal.Unpublished == 0)
        {
            publisher.Tell(new Published(_journal.Learner.Version));
            return;
        }

        _publishing.Add(publisher);
        _isPublishDue = true;
        WriteIfIdle();
    }

    // Asked before anybody teaches: no batch is under way that could overtake it.
    private void Take(TakeOver message)
    {
        var asker = Sender;
        Persist(message.Fact, took =>
        {
            _journal.Apply(took);
            PutInForce([]);
            asker.Tell(new TookOver(_journal.Learner.Version));
        });
    }

    private void OnTick()
    {
        if (_journal.Unpublished > 0)
        {
            _isPublishDue = true;
            WriteIfIdle();
        }
    }

    private void WriteSoon()
    {
        if (_isUrgent || _isPublishDue || _waiting.Count >= _batching.SizeMax || _batching.AgeMax == TimeSpan.Zero)
        {
            WriteIfIdle();
        }
        else if (!_isFlushDue && !_isWriting && _waiting.Count > 0)
        {
            _isFlushDue = true;
            Timers.StartSingleTimer(Flush.Now, Flush.Now, _batching.AgeMax);
        }
    }

    private void WriteIfIdle()
    {
        _isFlushDue = false;
        if (_isWriting || (_waiting.Count == 0 && _forgetting.Count == 0 && !_isPublishDue))
        {
            return;
        }

        // A reward is in force for others as soon as it is durable, if the last publication is long enough ago: one entry does both.
        _isPublishDue |= _isUrgent && _batching.PublishEvery > TimeSpan.Zero && Context.System.Scheduler.MonotonicClock - _publishedAt >= _batching.PublishEvery;
        _isWriting = true;
        _isUrgent = _waiting.Count > _batching.SizeMax;
        var batch = _waiting.GetRange(0, Math.Min(_waiting.Count, _batching.SizeMax));
        _waiting.RemoveRange(0, batch.Count);
        Meters.Wait(Backlog.Learner, _waiting.Count);
        var forgetting = _forgetting.Where(entry => !_promised.ContainsKey(entry.User) || entry.From is not null).ToList();
        _forgetting.Clear();
        var publishers = _waiting.Count == 0 ? [.. _publishing] : ImmutableArray<IActorRef>.Empty;
        var publishes = _isPublishDue && (publishers.Length > 0 || _publishing.Count == 0);
        if (publishes)
        {
            _publishing.Clear();
            _isPublishDue = false;
        }

        var learned = new LessonsLearned([.. batch.Select(entry => entry.Lesson)], [.. forgetting.Select(entry => entry.User)], publishes);
        var spans = batch.Select(entry => entry.Span).OfType<Activity>().Distinct().ToList();
        var write = spans.Count == 0 ? null : Spans.StartWrite(Spans.TraceOf(spans[0]), learned, spans.Skip(1));
        PersistAsync(learned, fact =>
        {
            Spans.End(write?.SetTag("aptrl.lessons", batch.Count));
            _unpublishedTrace ??= spans.Count == 0 ? null : Spans.TraceOf(spans[0]);
            Written(fact, batch, forgetting, publishers);
            spans.ForEach(span => Spans.End(span, "Taken"));
        });
    }

    // The writer moves to another node: what was taken is made durable and answered first.
    private void StartRetiring()
    {
        (_isRetiring, _isUrgent) = (true, true);
        WriteIfIdle();
        StopWhenWritten();
    }

    private void StopWhenWritten()
    {
        if (_isRetiring && !_isWriting && _waiting.Count == 0)
        {
            Context.Stop(Self);
        }
    }

    private void Written(
        LessonsLearned learned, List<(LessonOf Lesson, IActorRef From, long Since, Activity? Span)> batch,
        List<(UserId User, IActorRef? From)> forgetting, ImmutableArray<IActorRef> publishers)
    {
        _isWriting = false;
        _journal.Apply(learned);
        _teller?.Tell(LastSequenceNr, learned);
        foreach (var (user, from) in forgetting)
        {
            from?.Tell(new Forgotten(_scenario.Id));
        }

        foreach (var group in batch.GroupBy(entry => (entry.Lesson.User, entry.From)))
        {
            var through = group.Max(entry => entry.Lesson.Lesson.Number);
            if (_promised.GetValueOrDefault(group.Key.User) == through)
            {
                _promised.Remove(group.Key.User);
            }

            group.Key.From.Tell(new Taken(_scenario.Id, through));
        }

        foreach (var (_, _, since, _) in batch)
        {
            Meters.Took(Stage.Learn, since);
        }

        if (learned.Publishes)
        {
            PutInForce(publishers);
        }

        WriteSoon();
        StopWhenWritten();
    }

    private void PutInForce(ImmutableArray<IActorRef> publishers)
    {
        var since = Stopwatch.GetTimestamp();
        _publishedAt = Context.System.Scheduler.MonotonicClock;
        var span = Spans.Start(Spans.Publish, _unpublishedTrace);
        _unpublishedTrace = null;
        if (_teller is null)
        {
            _agents.Tell(new Broadcast(new PolicyPublished(_journal.Learner.Policy(_scenario.Diversity.ExposureMax))));
            Meters.Took(Stage.Publish, since);
        }

        Spans.End(span?.SetTag("aptrl.policy.version", _journal.Learner.Version));
        foreach (var publisher in publishers)
        {
            publisher.Tell(new Published(_journal.Learner.Version));
        }

        if (_journal.Updates - _updatesAtSnapshot >= _batching.SnapshotEvery)
        {
            _updatesAtSnapshot = _journal.Updates;
            SaveSnapshot(_journal.Snapshot());
        }
    }

    private sealed record Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Now = new();
    }

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Now = new();
    }
}
