using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Persistence;
using AptRl.Actors.Serialization;
using AptRl.Actors.Telemetry;

namespace AptRl.Actors.Clustering;

/// <summary>A node's copy of what a writer knows, made from the same facts in the same order.</summary>
/// <remarks>
/// It recovers from the writer's own journal and snapshot, and never writes there. Then it follows the writer, wherever in the
/// cluster that is, and applies entry n+1 after n. What it missed it reads from the journal, so no large message is ever sent.
/// What it makes of the facts is a pure function of them: all replicas of a writer are equal to the bit at the same entry.
/// It waits for nobody: while no writer is heard of, its node goes on with what it has.
/// </remarks>
public abstract class Replica : ReceivePersistentActor, IWithTimers
{
    // What a node knows of a quiet writer is as old as this at most.
    private static readonly TimeSpan FollowEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    // A writer that was cut off may have written after the next one had read the journal, and nobody tells of that.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly ICanTell _writer;
    private readonly PolicyAge _age;
    private readonly JournalSerializer _serializer;
    private readonly List<(WhenInForce Until, IActorRef Asker)> _waiting = [];
    private EntryOrder _order = new(0);
    private bool _isReading;

    /// <summary>Recovers, then follows.</summary>
    /// <param name="persistenceId">The writer's name in the journal.</param>
    /// <param name="writer">Where messages to the writer go.</param>
    /// <param name="age">Told whenever this is level with the writer.</param>
    protected Replica(string persistenceId, ICanTell writer, PolicyAge age)
    {
        (PersistenceId, _writer, _age) = (persistenceId, writer, age);
        _serializer = new JournalSerializer((ExtendedActorSystem)Context.System);
        Recover<SnapshotOffer>(offer => Restore(offer.Snapshot));
        Recover<RecoveryCompleted>(_ =>
        {
            _order = new EntryOrder(LastSequenceNr);
            PutInForce();
            Timers.StartPeriodicTimer(FollowNow.Instance, FollowNow.Instance, TimeSpan.Zero, FollowEvery);
            Timers.StartPeriodicTimer(LookNow.Instance, LookNow.Instance, LookEvery);
        });
        RecoverAny(Apply);
        Command<FollowNow>(_ => _writer.Tell(new Follow(PersistenceId), Self));
        Command<LookNow>(_ =>
        {
            if (!_isReading)
            {
                Read();
            }
        });
        Command<Standing>(standing =>
        {
            _order.Hear(standing.Entry);
            Settle();
        });
        Command<EntryTold>(told => Take(told.Entry, told.Fact.IsEmpty ? null : _serializer.FromBinary([.. told.Fact], told.Manifest)));
        Command<ReadEntry>(read =>
        {
            Take(read.Entry, read.Fact);
            Sender.Tell(ReadOn.Instance);
        });
        Command<ReadBegins>(_ => Sender.Tell(ReadOn.Instance));
        Command<ReadEnds>(_ =>
        {
            _isReading = false;
            Settle();
        });
        Command<ReadFailed>(failed =>
        {
            Log.Warning(failed.Cause, "what is missing of {0} could not be read from the journal; tried again in {1} s", PersistenceId, ReadAgain.TotalSeconds);
            Timers.StartSingleTimer(ReadEnds.Instance, ReadEnds.Instance, ReadAgain);
        });
        Command<WhenInForce>(until =>
        {
            _waiting.Add((until, Sender));
            AnswerWaiting();
        });
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Version of what is in force, where it has one.</summary>
    protected abstract long Version { get; }

    /// <summary>Takes a snapshot.</summary>
    protected abstract void Restore(object snapshot);

    /// <summary>Takes a fact of the journal.</summary>
    protected abstract void Apply(object fact);

    /// <summary>Puts in force what the facts say by now, if anything is new.</summary>
    protected abstract void PutInForce();

    private void Take(long entry, object? fact)
    {
        foreach (var next in _order.Take(entry, fact))
        {
            Apply(next);
        }

        Settle();
    }

    private void Settle()
    {
        if (!_order.IsGap)
        {
            _age.Level();
        }
        else if (!_isReading)
        {
            Meters.ReadGap();
            Read();
        }

        // While a long gap is read, the many policies that were in force once are not.
        if (!_isReading)
        {
            PutInForce();
            AnswerWaiting();
        }
    }

    private void Read()
    {
        _isReading = true;
        JournalFacts.Between(Context.System, PersistenceId, _order.Through + 1, long.MaxValue)
            .Select(envelope => new ReadEntry(envelope.SequenceNr, envelope.Event))
            .RunWith(
                Sink.ActorRefWithAck<ReadEntry>(Self, ReadBegins.Instance, ReadOn.Instance, ReadEnds.Instance, fault => new ReadFailed(fault)),
                Context.System.Materializer());
    }

    private void AnswerWaiting()
    {
        foreach (var (_, asker) in _waiting.Where(IsMet))
        {
            asker.Tell(new InForce());
        }

        _waiting.RemoveAll(IsMet);

        bool IsMet((WhenInForce Until, IActorRef Asker) waiting)
            => (waiting.Until.Entry ?? 0) <= _order.Through && (waiting.Until.Version ?? 0) <= Version;
    }

    private sealed record FollowNow : INoSerializationVerificationNeeded
    {
        public static readonly FollowNow Instance = new();
    }

    private sealed record LookNow : INoSerializationVerificationNeeded
    {
        public static readonly LookNow Instance = new();
    }

    private sealed record ReadEntry(long Entry, object Fact) : INoSerializationVerificationNeeded;

    private sealed record ReadBegins : INoSerializationVerificationNeeded
    {
        public static readonly ReadBegins Instance = new();
    }

    private sealed record ReadOn : INoSerializationVerificationNeeded
    {
        public static readonly ReadOn Instance = new();
    }

    private sealed record ReadEnds : INoSerializationVerificationNeeded
    {
        public static readonly ReadEnds Instance = new();
    }

    private sealed record ReadFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
