using System.Diagnostics;
using Akka.Actor;
using Akka.Routing;
using AptRl.Actors.Agents;
using AptRl.Actors.Telemetry;
using AptRl.Model.Policies;

namespace AptRl.Actors.Clustering;

/// <summary>A node's copy of a scenario's policy: folds what the learner journalled, and supplies the node's agents.</summary>
/// <remarks>
/// A policy is in force here when its publication's entry has come. Its version and its bits are those that the learner
/// publishes: <see cref="LearnerJournal"/> is the one fold of both. See <see cref="Replica"/> for how entries come.
/// </remarks>
public sealed class PolicyReplica : Replica
{
    private readonly ScenarioOptions _scenario;
    private readonly IActorRef _agents;
    private LearnerJournal _journal;
    private long _inForce;

    /// <summary>Recovers, then follows and supplies.</summary>
    /// <param name="scenario">The scenario, as the learner has it.</param>
    /// <param name="agents">Router to the agents of this node.</param>
    /// <param name="writer">Where messages to the learner go.</param>
    /// <param name="age">How old the policy is.</param>
    public PolicyReplica(ScenarioOptions scenario, IActorRef agents, ICanTell writer, PolicyAge age)
        : base(LearnerActor.PersistenceIdOf(scenario.Id), writer, age)
    {
        (_scenario, _agents) = (scenario, agents);
        _journal = new LearnerJournal(scenario.Learner);
        Command<LearnerStatus>(_ => Sender.Tell(LearnerView.Of(_journal)));
    }

    /// <inheritdoc/>
    protected override long Version => _inForce;

    /// <inheritdoc/>
    protected override void Restore(object snapshot) => _journal = new LearnerJournal((LearnerSnapshot)snapshot, _scenario.Learner);

    /// <inheritdoc/>
    protected override void Apply(object fact) => _journal.Apply(fact);

    /// <inheritdoc/>
    protected override void PutInForce()
    {
        if (_journal.Learner.Version == _inForce)
        {
            return;
        }

        var since = Stopwatch.GetTimestamp();
        _inForce = _journal.Learner.Version;
        _agents.Tell(new Broadcast(new PolicyPublished(_journal.Learner.Policy(_scenario.Diversity.ExposureMax))));
        Meters.Took(Stage.Publish, since);
    }
}
