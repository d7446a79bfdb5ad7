using Akka.Actor;
using Akka.Cluster;

namespace AptRl.Actors.Clustering;

/// <summary>What are you? Answered by <see cref="Shop"/>.</summary>
public sealed record ShopOf
{
    /// <summary>The only one.</summary>
    public static ShopOf Ask { get; } = new();
}

/// <summary>What must be the same at all nodes, since all of them fold the same journal and add to the same sums.</summary>
/// <param name="Encoder">Version of the encoder.</param>
/// <param name="Scenarios">Hash of the scenarios and of what their learners learn.</param>
/// <param name="IsMember">Whether the node that tells this is in a cluster already.</param>
public sealed record Shop(string Encoder, string Scenarios, bool IsMember = false)
{
    /// <summary>Whether nodes of both can be in one cluster.</summary>
    public bool Fits(Shop other) => (Encoder, Scenarios) == (other.Encoder, other.Scenarios);
}

/// <summary>Tells others what this node is before they join.</summary>
public sealed class ShopActor : ReceiveActor
{
    /// <summary>Its name.</summary>
    public const string Name = "shop";

    /// <summary>Tells this.</summary>
    public ShopActor(Shop shop)
        => Receive<ShopOf>(_ => Sender.Tell(shop with { IsMember = Cluster.Get(Context.System).SelfMember.Status is MemberStatus.Up }));
}
