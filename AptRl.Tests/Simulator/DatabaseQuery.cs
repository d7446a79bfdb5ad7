using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Query;
using Akka.Streams.Dsl;

namespace AptRl.Tests.Simulator;

/// <summary>Makes a process's <see cref="DatabaseQuery"/>: named in the configuration in the place of the real one.</summary>
public sealed class DatabaseQueryProvider : IReadJournalProvider
{
    private readonly DatabaseQuery _query;

    public DatabaseQueryProvider(ExtendedActorSystem system, Config config) => (_query, _) = (new DatabaseQuery(system), config);

    public IReadJournal GetReadJournal() => _query;
}

/// <summary>Reads a writer's facts beside the journal, one after the other, each as it is in that moment.</summary>
internal sealed class DatabaseQuery(ExtendedActorSystem system) : ICurrentEventsByPersistenceIdQuery
{
    private readonly Database _database = system.Settings.Setup.Get<DatabaseSetup>().Value.Database;

    public Source<EventEnvelope, NotUsed> CurrentEventsByPersistenceId(string persistenceId, long fromSequenceNr, long toSequenceNr)
        => Source.FromEnumerator(() => Facts(persistenceId, fromSequenceNr, toSequenceNr).GetEnumerator()).InitialDelay(_database.NextDelay());

    private IEnumerable<EventEnvelope> Facts(string writer, long from, long to)
    {
        if (_database.NextReadFails())
        {
            throw new IOException("the read failed");
        }

        foreach (var row in _database.Read(writer, from, to))
        {
            yield return new EventEnvelope(new Sequence(row.Number), writer, row.Number, system.Serialization.Deserialize(row.Bytes, row.Serializer, row.Manifest), timestamp: 0, tags: []);
        }
    }
}
