using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;

namespace AptRl.Tests.Simulator;

/// <summary>A process's journal over the one database: writes in the order in which they were asked for, late, and sometimes not.</summary>
/// <remarks>What is on its way to the database when the process ends may arrive there all the same.</remarks>
public sealed class DatabaseJournal : ReceiveActor
{
    private readonly Process _process = Context.System.Settings.Setup.Get<ProcessSetup>().Value.Process;
    private readonly Database _database = Context.System.Settings.Setup.Get<DatabaseSetup>().Value.Database;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private TimeSpan _free;
    private TimeSpan _answered;

    public DatabaseJournal()
    {
        Receive<WriteMessages>(Write);
        Receive<ReplayMessages>(Replay);
        Receive<DeleteMessagesTo>(Delete);
    }

    private void Write(WriteMessages write)
    {
        var facts = write.Messages.OfType<AtomicWrite>().SelectMany(atomic => (IImmutableList<IPersistentRepresentation>)atomic.Payload).ToList();
        var rows = facts.Select(fact => (fact.PersistenceId, RowOf(fact.SequenceNr, fact.Payload))).ToList();
        var fate = _database.NextFate();
        if (fate is Fate.StoredLate)
        {
            _process.Loop.After(null, NextTurn() + (4 * _database.NextDelay()), () => _database.TryStore(_process, rows));
            Answer(() => Tell(write, facts, new IOException("the connection broke")));
            return;
        }

        _process.Loop.After(null, NextTurn(), () =>
        {
            var isStored = fate is not Fate.Failed && !_database.IsAway && _database.TryStore(_process, rows);
            Answer(() => Tell(write, facts, isStored && fate is Fate.Stored ? null : new IOException(isStored ? "the answer was lost" : "the write failed")));
        });
    }

    private void Replay(ReplayMessages replay) => _process.Loop.After(_process, _database.NextDelay(), () =>
    {
        if (_database.NextReadFails())
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(new IOException("the read failed")), ActorRefs.NoSender);
            return;
        }

        foreach (var row in _database.Read(replay.PersistenceId, replay.FromSequenceNr, replay.ToSequenceNr))
        {
            var fact = _serialization.Deserialize(row.Bytes, row.Serializer, row.Manifest);
            replay.PersistentActor.Tell(new ReplayedMessage(new Persistent(fact, row.Number, replay.PersistenceId, row.Manifest)), ActorRefs.NoSender);
        }

        replay.PersistentActor.Tell(new RecoverySuccess(_database.HighestOf(replay.PersistenceId)), ActorRefs.NoSender);
    });

    private void Delete(DeleteMessagesTo delete) => _process.Loop.After(null, NextTurn(), () =>
    {
        var isDone = _database.NextFate() is Fate.Stored or Fate.StoredUnheard;
        if (isDone)
        {
            _database.Delete(_process, delete.PersistenceId, delete.ToSequenceNr);
        }

        Answer(() => delete.PersistentActor.Tell(
            isDone ? new DeleteMessagesSuccess(delete.ToSequenceNr) : new DeleteMessagesFailure(new IOException("the deletion failed"), delete.ToSequenceNr), ActorRefs.NoSender));
    });

    // One after the other, as the queue of the real journal.
    private TimeSpan NextTurn()
    {
        var now = _process.Loop.Now;
        _free = (_free > now ? _free : now) + _database.NextDelay();
        return _free - now;
    }

    private void Answer(Action answer)
    {
        var now = _process.Loop.Now;
        var at = now + (_database.NextDelay() / 2);
        _answered = at > _answered ? at : _answered;
        _process.Loop.After(_process, _answered - now, answer);
    }

    private static void Tell(WriteMessages write, List<IPersistentRepresentation> facts, Exception? fault)
    {
        write.PersistentActor.Tell(fault is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(fault, facts.Count), ActorRefs.NoSender);
        foreach (var fact in facts)
        {
            write.PersistentActor.Tell(
                fault is null ? new WriteMessageSuccess(fact, write.ActorInstanceId) : new WriteMessageFailure(fact, fault, write.ActorInstanceId), fact.Sender);
        }
    }

    private Row RowOf(long number, object fact)
    {
        var serializer = _serialization.FindSerializerFor(fact);
        return new Row(number, serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, fact), serializer.ToBinary(fact));
    }
}
