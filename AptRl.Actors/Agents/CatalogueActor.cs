using System.Collections.Immutable;
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

/// <summary>Add or replace items. Answered by <see cref="Upserted"/> when durable, or <see cref="CatalogueFull"/>, or <see cref="CatalogueBusy"/>.</summary>
/// <param name="Items">The items.</param>
public sealed record Upsert(ImmutableArray<Item> Items)
{
    /// <summary>Context of the trace that it belongs to, as W3C text; null where nobody traces.</summary>
    public string? Trace { get; init; }
}

/// <summary>The items are durable, and in force where the catalogue is.</summary>
/// <param name="Entry">The entry of the catalogue's journal that holds them.</param>
public sealed record Upserted(long Entry);

/// <summary>The catalogue would hold more than it may; nothing was taken.</summary>
public sealed record CatalogueFull;

/// <summary>The journal did not take the items; send them again.</summary>
public sealed record CatalogueBusy;

/// <summary>Tell the catalogue. Answered by <see cref="CatalogueChanged"/>.</summary>
public sealed record CatalogueOf : IWithinNode;

/// <summary>The single writer of the catalogue; every agent chooses from an immutable copy.</summary>
/// <remarks>An upsert is durable and with the agents before it is answered. The same upsert again changes nothing.</remarks>
public sealed class CatalogueActor : ReceivePersistentActor
{
    /// <summary>The journal's name of the catalogue.</summary>
    public const string Name = "catalogue";

    private const int SnapshotEvery = 200;

    private readonly ImmutableArray<IActorRef> _agents;
    private readonly EntryTeller? _teller;
    private Catalogue _catalogue = Catalogue.Empty;

    /// <summary>Recovers, then supplies these routers.</summary>
    public CatalogueActor(ImmutableArray<IActorRef> agents)
        : this(agents, null)
    {
    }

    /// <summary>Recovers, then tells its entries to the replicas of a cluster's nodes.</summary>
    /// <param name="entryBytesMax">Bytes of an entry that it tells.</param>
    public CatalogueActor(int entryBytesMax)
        : this([], new EntryTeller(Name, (ExtendedActorSystem)Context.System, entryBytesMax))
    {
    }

    private CatalogueActor(ImmutableArray<IActorRef> agents, EntryTeller? teller)
    {
        (_agents, _teller) = (agents, teller);
        Recover<SnapshotOffer>(offer => _catalogue = Catalogue.Empty.With(((CatalogueSnapshot)offer.Snapshot).Items));
        Recover<ItemsUpserted>(upserted => _catalogue = _catalogue.With(upserted.Items));
        Recover<RecoveryCompleted>(_ => Supply());
        Command<Upsert>(Take);
        Command<Follow>(_ => _teller?.Add(Sender, LastSequenceNr));
        Command<Retire>(_ => Context.Stop(Self));
        Command<CatalogueOf>(_ => Sender.Tell(new CatalogueChanged(_catalogue)));
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failure => Log.Warning(failure.Cause, "the snapshot of the catalogue was not saved; the journal holds everything"));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { });
    }

    /// <inheritdoc/>
    public override string PersistenceId => Name;

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        WriteFailed.Tell(Context, Log, PersistenceId, cause);
        Sender.Tell(new CatalogueBusy());
    }

    /// <summary>What the journal rejected is not written either: started anew, this takes it when it is sent again.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        WriteFailed.Tell(Context, Log, PersistenceId, cause);
        Sender.Tell(new CatalogueBusy());
        Context.Stop(Self);
    }

    private void Take(Upsert upsert)
    {
        if (_catalogue.Items.Count + upsert.Items.Count(item => !_catalogue.Items.ContainsKey(item.Id)) > Catalogue.ItemsMax)
        {
            Sender.Tell(new CatalogueFull());
            return;
        }

        var fact = new ItemsUpserted(upsert.Items);
        var write = Spans.StartWrite(upsert.Trace, fact);
        Persist(fact, upserted =>
        {
            Spans.End(write);
            _catalogue = _catalogue.With(upserted.Items);
            Supply();
            _teller?.Tell(LastSequenceNr, upserted);
            Sender.Tell(new Upserted(LastSequenceNr));
            if (LastSequenceNr % SnapshotEvery == 0)
            {
                SaveSnapshot(new CatalogueSnapshot([.. _catalogue.Items.Values]));
            }
        });
    }

    private void Supply()
    {
        foreach (var agents in _agents)
        {
            agents.Tell(new Broadcast(new CatalogueChanged(_catalogue)));
        }
    }
}
