using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Cluster;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using CurrentCluster = Akka.Cluster.Cluster;

namespace AptRl.Actors.Clustering;

/// <summary>How a node comes into a cluster: it looks whether it fits before it joins.</summary>
/// <remarks>
/// All nodes fold the same journals and add to the same sums, which rows of another encoder would spoil; so a node with another
/// encoder or other scenarios is refused. It asks the seeds before it joins, and looks at all members when it has: each shows
/// what it is as a role.
/// </remarks>
internal static class Joining
{
    private const string ShopRole = "shop-";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // What the encoder brings goes by the encoder's version.
    private static readonly JsonSerializerOptions Told = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                info =>
                {
                    foreach (var brought in info.Properties.Where(property => property.PropertyType == typeof(RidgePrior)).ToList())
                    {
                        info.Properties.Remove(brought);
                    }
                },
            },
        },
    };

    /// <summary>What must be the same at all nodes.</summary>
    /// <param name="encoder">Version of the encoder.</param>
    /// <param name="scenarios">The scenarios as they are configured, without what the encoder brings.</param>
    public static Shop ShopOf(string encoder, ImmutableArray<ScenarioOptions> scenarios)
    {
        var text = JsonSerializer.Serialize(scenarios.Select(scenario => new
        {
            Id = scenario.Id.Value,
            scenario.Kind,
            Arms = scenario.Arms.Select(arm => arm.Value),
            scenario.Learner,
        }), Told);
        return new Shop(encoder, HashOf(text));
    }

    /// <summary>The role by which members tell what they are.</summary>
    public static string RoleOf(Shop shop) => ShopRole + HashOf($"{shop.Encoder} {shop.Scenarios}");

    /// <summary>Joins the cluster of the seeds, or begins one.</summary>
    /// <exception cref="InvalidDataException">It does not fit, or cannot join; the text says why and the way out.</exception>
    public static async Task JoinAsync(ActorSystem system, NodeOptions? node, Shop? shop)
    {
        var cluster = CurrentCluster.Get(system);
        if (node is null || shop is null || node.Seeds.IsEmpty)
        {
            await cluster.JoinAsync(cluster.SelfAddress).ConfigureAwait(false);
            return;
        }

        ImmutableArray<Address> seeds = [.. node.Seeds.Select(seed => AddressOf(system, seed))];
        var isThere = await Task.WhenAll(seeds.Where(seed => seed != cluster.SelfAddress).Select(seed => IsMemberAsync(system, seed, shop))).ConfigureAwait(false);
        if (isThere.Contains(true))
        {
            // Only the first of the list may begin a cluster, and beside one that is there it must not, however late the others answer.
            seeds = [.. seeds.Where(seed => seed != cluster.SelfAddress), .. seeds.Where(seed => seed == cluster.SelfAddress)];
        }

        // A system that ends itself since nobody let it in does not always tell who waits for the join.
        var joining = JoinSeedsAsync();
        await Task.WhenAny(joining, system.WhenTerminated).ConfigureAwait(false);
        if (!joining.IsCompletedSuccessfully)
        {
            throw new InvalidDataException(
                $"no seed of {string.Join(", ", node.Seeds)} let this node in: start one of them, name others with --seed, or name {node.Host}:{node.Port} itself as the first seed to begin a cluster{(node.Certificate is null ? "" : "; and see that all have the same certificate")}",
                joining.Exception);
        }

        var role = RoleOf(shop);
        if (cluster.State.Members.FirstOrDefault(member => member.Status is MemberStatus.Up && !member.Roles.Contains(role)) is { } other)
        {
            await cluster.LeaveAsync().ConfigureAwait(false);
            throw Differs(other.Address, shop, null);
        }

        // It may throw before there is a task.
        async Task JoinSeedsAsync() => await cluster.JoinSeedNodesAsync(seeds).ConfigureAwait(false);
    }

    // Whether a seed is in a cluster already, which this node must fit into.
    private static async Task<bool> IsMemberAsync(ActorSystem system, Address seed, Shop shop)
    {
        try
        {
            var other = await system.ActorSelection(new RootActorPath(seed) / "user" / ShopActor.Name).Ask<Shop>(Clustering.ShopOf.Ask, Patience).ConfigureAwait(false);
            return other.Fits(shop) ? other.IsMember : throw Differs(seed, shop, other);
        }
        catch (AskTimeoutException)
        {
            // It is not there yet; joining tells whether that matters.
            return false;
        }
    }

    private static InvalidDataException Differs(Address at, Shop shop, Shop? other)
        => new(other is null || other.Encoder != shop.Encoder
            ? $"node {at} serves {(other is null ? "another encoder, or other scenarios," : $"encoder {other.Encoder}")} and this one encoder {shop.Encoder}: start this one with the same, or stop all nodes to change it"
            : $"node {at} has other scenarios, learners or rewards: start this node with the same options, or stop all nodes to change them");

    private static Address AddressOf(ActorSystem system, string seed)
    {
        var (host, port) = NodeOptions.SeedOf(seed);
        return new Address(CurrentCluster.Get(system).SelfAddress.Protocol, system.Name, host, port);
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
