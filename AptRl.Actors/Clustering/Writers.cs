using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using AptRl.Actors.Users;

namespace AptRl.Actors.Clustering;

/// <summary>The actors of which a cluster has one each, on the oldest node with the role <see cref="NodeRoles.Agents"/>.</summary>
/// <remarks>
/// A writer that has to move finishes what it has taken, and only then begins the next one. A node that is gone without a word
/// is removed first, and a writer that came late to its end is stopped by the journal: there each number is given once.
/// </remarks>
internal static class Writers
{
    /// <summary>Starts a writer where this node may hold it, and gives the way to it wherever it is.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="node">This node.</param>
    /// <param name="name">The writer's name, the same at all nodes.</param>
    /// <param name="writer">How it is made; stopped by <see cref="Retire"/>.</param>
    public static IActorRef Start(ActorSystem system, NodeOptions node, string name, Props writer)
    {
        var at = $"writer-{name}";
        if (node.Is(NodeRoles.Agents))
        {
            system.ActorOf(
                ClusterSingletonManager.Props(writer, Retire.Instance, ClusterSingletonManagerSettings.Create(system).WithRole(NodeRoles.Agents)), at);
        }

        return system.ActorOf(
            ClusterSingletonProxy.Props($"/user/{at}", ClusterSingletonProxySettings.Create(system).WithRole(NodeRoles.Agents)), $"to-{at}");
    }
}
