using Akka.Actor;
using AptRl.Actors.Persistence;
using AptRl.Model.OffPolicy.Slates;

namespace AptRl.Actors.Hosting;

/// <summary>What was decided and what came of it, for off-policy evaluation.</summary>
public interface IDecisionLogs
{
    /// <summary>Reads the whole journal as it is now; the cost grows with the journal, not with the bound.</summary>
    /// <param name="countMax">Decisions at most, the newest.</param>
    /// <param name="cancellation">Ends it early.</param>
    Task<DecisionLog> ReadAsync(int countMax, CancellationToken cancellation);
}

/// <summary>From the journal of this node's actor system.</summary>
internal sealed class JournalDecisionLogs(ActorSystem system) : IDecisionLogs
{
    public Task<DecisionLog> ReadAsync(int countMax, CancellationToken cancellation) => JournalFacts.DecisionsAsync(system, countMax, cancellation);
}
