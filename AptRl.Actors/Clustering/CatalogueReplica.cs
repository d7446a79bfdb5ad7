using System.Collections.Immutable;
using Akka.Actor;
using Akka.Routing;
using AptRl.Actors.Agents;
using AptRl.Model.Policies;

namespace AptRl.Actors.Clustering;

/// <summary>A node's copy of the catalogue, supplied to the node's agents; upserts go on to the writer.</summary>
/// <remarks>See <see cref="Replica"/> for how entries come.</remarks>
public sealed class CatalogueReplica : Replica
{
    private readonly ImmutableArray<IActorRef> _agents;
    private Catalogue _catalogue = Catalogue.Empty;
    private Catalogue _inForce = Catalogue.Empty;

    /// <summary>Recovers, then follows and supplies.</summary>
    /// <param name="agents">Routers to the agents of this node.</param>
    /// <param name="writer">Where messages to the writer go.</param>
    /// <param name="age">How old the catalogue is.</param>
    public CatalogueReplica(ImmutableArray<IActorRef> agents, ICanTell writer, PolicyAge age)
        : base(CatalogueActor.Name, writer, age)
    {
        _agents = agents;
        Command<Upsert>(upsert => writer.Tell(upsert, Sender));
        Command<CatalogueOf>(_ => Sender.Tell(new CatalogueChanged(_catalogue)));
    }

    /// <inheritdoc/>
    protected override long Version => 0;

    /// <inheritdoc/>
    protected override void Restore(object snapshot) => _catalogue = Catalogue.Empty.With(((CatalogueSnapshot)snapshot).Items);

    /// <inheritdoc/>
    protected override void Apply(object fact) => _catalogue = _catalogue.With(((ItemsUpserted)fact).Items);

    /// <inheritdoc/>
    protected override void PutInForce()
    {
        if (ReferenceEquals(_catalogue, _inForce))
        {
            return;
        }

        _inForce = _catalogue;
        foreach (var agents in _agents)
        {
            agents.Tell(new Broadcast(new CatalogueChanged(_catalogue)));
        }
    }
}
