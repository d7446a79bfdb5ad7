using System.Collections.Immutable;
using Akka.Actor;
using Akka.Pattern;
using Akka.Routing;
using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Streams;
using AptRl.Actors.Telemetry;
using AptRl.Actors.Users;
using AptRl.Actors.Versions;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Actors.Hosting;

/// <summary>The actors that every node has one set of: encoder, agents, and learners and catalogue or replicas of them.</summary>
internal sealed class NodeActors(DecisionBroadcast broadcast)
{
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromMinutes(2);

    public DecisionBroadcast Broadcast { get; } = broadcast;

    public IActorRef Encoder { get; private set; } = ActorRefs.Nobody;

    /// <summary>Tells the catalogue and takes upserts: the catalogue's writer, or in a cluster this node's replica.</summary>
    public IActorRef Catalogue { get; private set; } = ActorRefs.Nobody;

    public ImmutableDictionary<ScenarioId, ScenarioActors> Scenarios { get; private set; } = ImmutableDictionary<ScenarioId, ScenarioActors>.Empty;

    /// <summary>How old the policies of this node's replicas are; empty where there are none.</summary>
    public ImmutableDictionary<ScenarioId, PolicyAge> Ages { get; private set; } = ImmutableDictionary<ScenarioId, PolicyAge>.Empty;

    /// <summary>As <see cref="Start"/>, for one node of several: writers are somewhere in the cluster, and replicas supply the agents.</summary>
    public void StartInCluster(ActorSystem system, AptRlOptions options, NodeOptions node, NodeParts parts)
    {
        var (learning, space, clock) = (options.Learner, parts.Space, parts.Clock);
        var (decides, bytesMax) = (node.Is(NodeRoles.Users), node.EntryBytesMax);
        if (decides)
        {
            Encoder = system.ActorOf(parts.Encoder, "encoder");
        }

        foreach (var given in options.Scenarios)
        {
            var scenario = given.StartingFrom(parts.Prior);
            var name = Uri.EscapeDataString(scenario.Id.Value);
            var learner = parts.Writer($"learner-{name}", StartedAgain(Props.Create(() => new LearnerActor(scenario, learning, bytesMax)), "learner", parts.Jitter));
            if (!decides)
            {
                Scenarios = Scenarios.Add(scenario.Id, new ScenarioActors(scenario, ActorRefs.Nobody, learner));
                continue;
            }

            var blank = new Learner(scenario.Learner).Policy();
            var age = new PolicyAge(clock, node.PolicyAgeMax);
            var told = Meters.Tell(scenario.Id.Value, age);
            system.RegisterOnTermination(told.Dispose);
            Ages = Ages.Add(scenario.Id, age);
            var agents = system.ActorOf(Pool(Props.Create(() => new AgentActor(scenario, blank, space, age)), options), $"agents-{name}");
            var replica = system.ActorOf(StartedAgain(Props.Create(() => new PolicyReplica(scenario, agents, learner, age)), "replica", parts.Jitter), $"replica-{name}");
            Scenarios = Scenarios.Add(scenario.Id, new ScenarioActors(scenario, agents, learner) { Told = replica });
        }

        ImmutableArray<IActorRef> routers = [.. Scenarios.Values.Select(actors => actors.Agents).Where(agents => !agents.IsNobody())];
        var items = parts.Writer("catalogue", StartedAgain(Props.Create(() => new CatalogueActor(bytesMax)), "items", parts.Jitter));
        var unwatched = new PolicyAge(clock, node.PolicyAgeMax);
        Catalogue = system.ActorOf(StartedAgain(Props.Create(() => new CatalogueReplica(routers, items, unwatched)), "replica", parts.Jitter), "catalogue");
    }

    public void Start(ActorSystem system, AptRlOptions options)
    {
        var (learning, space) = (options.Learner, new ItemSpace(options.Model));
        Encoder = system.ActorOf(NodeParts.EncoderOf(options), "encoder");
        foreach (var given in options.Scenarios)
        {
            var scenario = given.StartingFrom(options.Model.Prior);
            var blank = new Learner(scenario.Learner).Policy();
            var name = Uri.EscapeDataString(scenario.Id.Value);
            var agents = system.ActorOf(Pool(Props.Create(() => new AgentActor(scenario, blank, space)), options), $"agents-{name}");
            var learner = system.ActorOf(StartedAgain(Props.Create(() => new LearnerActor(scenario, learning, agents)), "learner"), $"learner-{name}");
            Scenarios = Scenarios.Add(scenario.Id, new ScenarioActors(scenario, agents, learner));
        }

        ImmutableArray<IActorRef> routers = [.. Scenarios.Values.Select(actors => actors.Agents)];
        Catalogue = system.ActorOf(StartedAgain(Props.Create(() => new CatalogueActor(routers)), "items"), "catalogue");
    }

    /// <summary>Waits until every learner and the catalogue are recovered and have supplied their agents.</summary>
    /// <exception cref="InvalidDataException">One of them is not.</exception>
    public async Task RecoveredAsync()
    {
        try
        {
            foreach (var actors in Scenarios.Values)
            {
                await actors.Told.Ask<LearnerView>(LearnerStatus.Ask, RecoveryPatience).ConfigureAwait(false);
            }

            await Catalogue.Ask<CatalogueChanged>(new CatalogueOf(), RecoveryPatience).ConfigureAwait(false);
        }
        catch (AskTimeoutException fault)
        {
            throw new InvalidDataException(
                $"policy and catalogue were not recovered within {RecoveryPatience.TotalMinutes} minutes: the log says why; a damaged snapshots.db may be deleted, the journal rebuilds it", fault);
        }
    }

    /// <summary>
    /// Lets the encoder take over the learners whose rows are of another one. Each does so by one fact of its journal; killed in
    /// between, the next start goes on with those that are left.
    /// </summary>
    /// <exception cref="InvalidDataException">A learner cannot be made anew.</exception>
    public async Task TakeOverAsync(ActorSystem system, AptRlOptions options)
    {
        var left = ImmutableArray.CreateBuilder<ScenarioActors>();
        foreach (var actors in Scenarios.Values)
        {
            var view = await actors.Told.Ask<LearnerView>(LearnerStatus.Ask, RecoveryPatience).ConfigureAwait(false);
            if (view.Encoder != options.Model.Version)
            {
                left.Add(actors);
            }
        }

        if (left.Count == 0)
        {
            return;
        }

        if (options.Node is not null)
        {
            throw new InvalidDataException(
                $"scenario '{left[0].Options.Id}' learned with another encoder than {options.Model.Version}, and an encoder takes over with one node alone: stop all nodes, start one without --cluster, and the cluster when it listens");
        }

        if (left.FirstOrDefault(actors => actors.Options.Learner.Kind is not LearnerKind.Ridge) is { } fixedOne)
        {
            throw new InvalidDataException(
                $"encoder {options.Model.Version} cannot take over scenario '{fixedOne.Options.Id}': the steps of a learner of kind {fixedOne.Options.Learner.Kind} cannot be made anew; roll back, or let it learn by ridge");
        }

        var fold = await EncoderFold.ReadAsync(
            system, options.Model, options.WindowsInForce, [.. left.Select(actors => actors.Options)], _ => { }, CancellationToken.None).ConfigureAwait(false);
        foreach (var actors in left)
        {
            await actors.Learner.Ask<TookOver>(new TakeOver(fold.TookOver(actors.Options.Id)), RecoveryPatience).ConfigureAwait(false);
        }
    }

    // An agent that throws goes on with the policy and the catalogue that it has: started anew it would know neither. Left to itself
    // a pool escalates, and one request that cannot be decided would so take them from all agents.
    private static Props Pool(Props agent, AptRlOptions options)
        => agent.WithRouter(new RoundRobinPool(options.AgentsPerScenario).WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Resume)));

    // A write that fails stops a persistent actor. What it had not acknowledged is sent to it again. A writer that moves to another
    // node stops for good.
    private static Props StartedAgain(Props actor, string name, double jitter = NodeParts.UsualJitter)
        => BackoffSupervisor.Props(Backoff.OnStop(actor, name, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), jitter, maxNrOfRetries: -1)
            .WithFinalStopMessage(message => message is Retire));
}
