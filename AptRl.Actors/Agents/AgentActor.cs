using System.Diagnostics;
using Akka.Actor;
using AptRl.Actors.Clustering;
using AptRl.Actors.Telemetry;
using AptRl.Model.Policies;

namespace AptRl.Actors.Agents;

/// <summary>Picks actions for one scenario on one node, by its local copy of the published policy.</summary>
/// <remarks>
/// At most once: a decision counts when its user has made it durable. Deciding waits for nobody: the learner's policy, the
/// catalogue and the encoder's vectors are immutable values held here.
/// </remarks>
public sealed class AgentActor : ReceiveActor
{
    private LinearPolicy _policy;
    private Catalogue _catalogue = Catalogue.Empty;

    /// <summary>Decides by a policy that knows nothing until another is published.</summary>
    public AgentActor(ScenarioOptions scenario, LinearPolicy policy, IItemSpace space)
        : this(scenario, policy, space, null)
    {
    }

    /// <summary>Decides by the policy of a replica, and tells how old that may be.</summary>
    public AgentActor(ScenarioOptions scenario, LinearPolicy policy, IItemSpace space, PolicyAge? age)
    {
        _policy = policy;
        Receive<PolicyPublished>(message => _policy = message.Policy);
        Receive<CatalogueChanged>(message => _catalogue = message.Catalogue);
        Receive<Decide>(message =>
        {
            var since = Stopwatch.GetTimestamp();
            var span = Spans.Start(Spans.Decide, message.Trace);
            var decision = DecisionMaker.Decide(scenario, message.Context, _policy, _catalogue, space);
            decision = age is null ? decision : decision with { PolicyAge = age.Now };
            Sender.Tell(new Decided(decision));
            Meters.Took(Stage.Decide, since);
            Spans.End(span?.SetTag("aptrl.policy.version", decision.PolicyVersion).SetTag("aptrl.candidates", decision.Candidates.Length));
            if (age is { IsStale: true })
            {
                Meters.DecidedStale();
            }
        });
    }
}
