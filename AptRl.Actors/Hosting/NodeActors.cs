using System.Collections.Immutable;
using Akka.Actor;
using Akka.Routing;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Streams;
using AptRl.Actors.Users;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Actors.Hosting;

/// <summary>The actors that every node has one set of: encoder, agents, learners, catalogue.</summary>
internal sealed class NodeActors(DecisionBroadcast broadcast)
{
    public DecisionBroadcast Broadcast { get; } = broadcast;

    public IActorRef Encoder { get; private set; } = ActorRefs.Nobody;

    public IActorRef Catalogue { get; private set; } = ActorRefs.Nobody;

    public ImmutableDictionary<ScenarioId, ScenarioActors> Scenarios { get; private set; } = ImmutableDictionary<ScenarioId, ScenarioActors>.Empty;

    public void Start(ActorSystem system, AptRlOptions options)
    {
        var (model, encoding, learning, space) = (options.Model, options.Encoder, options.Learner, new ItemSpace(options.Model));
        Encoder = system.ActorOf(Props.Create(() => new EncoderActor(model, encoding)).WithDispatcher("aptrl.encoder-dispatcher"), "encoder");
        foreach (var scenario in options.Scenarios)
        {
            var blank = new Learner(scenario.Learner).Policy();
            var name = Uri.EscapeDataString(scenario.Id.Value);
            var agents = system.ActorOf(
                Props.Create(() => new AgentActor(scenario, blank, space)).WithRouter(new RoundRobinPool(options.AgentsPerScenario)), $"agents-{name}");
            var learner = system.ActorOf(Props.Create(() => new LearnerActor(scenario, learning, agents)), $"learner-{name}");
            Scenarios = Scenarios.Add(scenario.Id, new ScenarioActors(scenario, agents, learner));
        }

        ImmutableArray<IActorRef> routers = [.. Scenarios.Values.Select(actors => actors.Agents)];
        Catalogue = system.ActorOf(Props.Create(() => new CatalogueActor(routers)), "catalogue");
    }
}
