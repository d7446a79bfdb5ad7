using System.Collections.Immutable;
using Akka.Actor;
using AptRl.Actors.Streams;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Users;

/// <summary>The actors that serve one scenario on this node.</summary>
/// <param name="Options">The scenario.</param>
/// <param name="Agents">Router to its agents.</param>
/// <param name="Learner">Its learner, wherever in the cluster it is.</param>
public sealed record ScenarioActors(ScenarioOptions Options, IActorRef Agents, IActorRef Learner)
{
    /// <summary>Who tells what decides on this node: the learner, or in a cluster the node's replica of it.</summary>
    public IActorRef Told { get; init; } = Learner;
}

/// <summary>What a user actor works with.</summary>
/// <param name="Windows">Bounds of its timeline.</param>
/// <param name="Options">How it lives.</param>
/// <param name="Encoder">The node's encoder.</param>
/// <param name="Scenarios">Every scenario, by name.</param>
/// <param name="Broadcast">Where decisions are told.</param>
public sealed record UserDependencies(
    WindowOptions Windows,
    UserOptions Options,
    IActorRef Encoder,
    ImmutableDictionary<ScenarioId, ScenarioActors> Scenarios,
    DecisionBroadcast Broadcast);
