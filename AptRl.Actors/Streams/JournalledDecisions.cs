using Akka;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Actors.Streams;

/// <summary>A decision and where it stands in the journal.</summary>
/// <param name="Offset">Above 0, and above that of each decision that came before.</param>
/// <param name="Decision">The decision, as it was answered.</param>
public sealed record JournalledDecision(long Offset, Decision Decision);

/// <summary>Decisions as a durable source: read from the journal, so that none is missed by who was slow or away.</summary>
/// <remarks>
/// <see cref="Hosting.IPersonalizer.Decisions"/> is quicker and may miss some; this one reads what is durable, about a second later.
/// The decisions of users who were deleted in between are gone.
/// </remarks>
public static class JournalledDecisions
{
    private static readonly TimeSpan AgainFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AgainMax = TimeSpan.FromSeconds(10);

    /// <summary>Every decision of every node after an offset, in the order of the journal, without end.</summary>
    /// <remarks>
    /// At least once: who keeps the offset of what was last done with a decision goes on from there after a restart. Back-pressured: a
    /// slow consumer holds up nobody, the journal waits. Where the journal cannot be read, it is tried again after 1 s to 10 s, from
    /// where this has come to.
    /// </remarks>
    /// <param name="system">The actor system.</param>
    /// <param name="offset">The offset of the last one that is known; 0 for all.</param>
    public static Source<JournalledDecision, NotUsed> After(ActorSystem system, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Source.Lazily(() => GoingOn(system, offset)).MapMaterializedValue(_ => NotUsed.Instance);
    }

    private static Source<JournalledDecision, NotUsed> GoingOn(ActorSystem system, long offset)
    {
        var last = offset;
        return RestartSource.OnFailuresWithBackoff(
            () => Live(system, last).Select(decision =>
            {
                last = decision.Offset;
                return decision;
            }),
            RestartSettings.Create(AgainFirst, AgainMax, randomFactor: .2));
    }

    private static Source<JournalledDecision, NotUsed> Live(ActorSystem system, long after)
        => PersistenceQuery.Get(system)
            .ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier)
            .AllEvents(Offset.Sequence(after))
            .Collect(
                envelope => envelope is { Offset: Sequence, Event: DecisionMade },
                envelope => new JournalledDecision(((Sequence)envelope.Offset).Value, ((DecisionMade)envelope.Event).Decision))
            .Where(decision => decision.Offset > after);
}
