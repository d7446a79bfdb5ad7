using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;

namespace AptRl.Tests.Simulator;

/// <summary>Tells the plugins of an actor system which database there is.</summary>
internal sealed class DatabaseSetup(Database database) : Setup
{
    public Database Database { get; } = database;
}

/// <summary>A process's snapshots in the one database: each save, load and deletion takes its own time, whichever was asked for first.</summary>
public sealed class DatabaseSnapshots : ReceiveActor
{
    private readonly Process _process = Context.System.Settings.Setup.Get<ProcessSetup>().Value.Process;
    private readonly Database _database = Context.System.Settings.Setup.Get<DatabaseSetup>().Value.Database;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;

    public DatabaseSnapshots()
    {
        Receive<LoadSnapshot>(load => Answer(
            isDone: () => !_database.NextReadFails(),
            () => new LoadSnapshotResult(Loaded(load), load.ToSequenceNr),
            fault => new LoadSnapshotFailed(fault)));
        Receive<SaveSnapshot>(save =>
        {
            var metadata = new SnapshotMetadata(save.Metadata.PersistenceId, save.Metadata.SequenceNr, (Simulation.Noon + _process.Loop.Now).UtcDateTime);
            var serializer = _serialization.FindSerializerFor(save.Snapshot);
            var row = new Row(metadata.SequenceNr, serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, save.Snapshot), serializer.ToBinary(save.Snapshot));
            Answer(
                isDone: () => _database.NextFate() is Fate.Stored,
                () =>
                {
                    _database.Save(metadata, row);
                    return new SaveSnapshotSuccess(metadata);
                },
                fault => new SaveSnapshotFailure(metadata, fault));
        });
        Receive<DeleteSnapshots>(delete => Answer(
            isDone: () => _database.NextFate() is Fate.Stored,
            () =>
            {
                _database.Delete(delete.PersistenceId, delete.Criteria);
                return new DeleteSnapshotsSuccess(delete.Criteria);
            },
            fault => new DeleteSnapshotsFailure(delete.Criteria, fault)));
    }

    private SelectedSnapshot? Loaded(LoadSnapshot load)
        => _database.Load(load.PersistenceId, load.Criteria, load.ToSequenceNr) is var (metadata, row)
            ? new SelectedSnapshot(metadata, _serialization.Deserialize(row.Bytes, row.Serializer, row.Manifest))
            : null;

    private void Answer(Func<bool> isDone, Func<object> done, Func<Exception, object> failed)
    {
        var asker = Sender;
        _process.Loop.After(
            _process, _database.NextDelay() * 2, () => asker.Tell(isDone() ? done() : failed(new IOException("the database cannot be reached")), ActorRefs.NoSender));
    }
}
