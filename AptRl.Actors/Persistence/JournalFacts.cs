using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.Windows;

namespace AptRl.Actors.Persistence;

/// <summary>Reads the journal of a running system from its beginning to where it ends now.</summary>
public static class JournalFacts
{
    /// <summary>The facts of one writer, oldest first, up to where they end now.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="persistenceId">The writer's name in the journal.</param>
    public static Source<EventEnvelope, Akka.NotUsed> Of(ActorSystem system, string persistenceId)
        => Between(system, persistenceId, 0, long.MaxValue);

    /// <summary>Some facts of one writer, oldest first.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="persistenceId">The writer's name in the journal.</param>
    /// <param name="from">Number of the first.</param>
    /// <param name="to">Number of the last.</param>
    public static Source<EventEnvelope, Akka.NotUsed> Between(ActorSystem system, string persistenceId, long from, long to)
        => PersistenceQuery.Get(system)
            .ReadJournalFor<ICurrentEventsByPersistenceIdQuery>(SqlReadJournal.Identifier)
            .CurrentEventsByPersistenceId(persistenceId, from, to);

    /// <summary>Every fact, oldest first.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="apply">Told each fact; one at a time.</param>
    /// <param name="onFact">Told the number of facts read so far, now and then.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task ReadAsync(ActorSystem system, Action<EventEnvelope> apply, Action<long> onFact, CancellationToken cancellation)
    {
        var read = 0L;
        await PersistenceQuery.Get(system)
            .ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier)
            .CurrentAllEvents(Offset.NoOffset())
            .Via(cancellation.AsFlow<EventEnvelope>(cancelGracefully: false))
            .RunForeach(
                envelope =>
                {
                    apply(envelope);
                    if (++read % 1_000 == 0)
                    {
                        onFact(read);
                    }
                },
                system.Materializer()).ConfigureAwait(false);
        onFact(read);
    }

    /// <summary>Decisions with the rewards they earned, for off-policy evaluation.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="countMax">Decisions at most, the newest.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<DecisionLog> DecisionsAsync(ActorSystem system, int countMax, CancellationToken cancellation)
    {
        var log = new DecisionLog(countMax);
        await ReadAsync(
            system,
            envelope =>
            {
                if (envelope.Event is IUserFact fact)
                {
                    log.Apply(fact);
                }
            },
            _ => { },
            cancellation).ConfigureAwait(false);
        return log;
    }
}
