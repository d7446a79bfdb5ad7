using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AptRl.Actors.Inspection;

/// <summary>A node of the cluster.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Status">Up, Leaving, …</param>
/// <param name="IsReachable">Whether this node hears from it.</param>
/// <param name="IsLeader">Whether it leads.</param>
/// <param name="IsSelf">Whether it is the node that was asked.</param>
public sealed record NodeView(string Address, string Status, bool IsReachable, bool IsLeader, bool IsSelf);

/// <summary>A shard on the node that was asked.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Entities">Users of it that are awake.</param>
public sealed record ShardView(string Id, int Entities);

/// <summary>The files or tables that hold everything, as they are now.</summary>
/// <param name="Directory">Their folder, or their database and schema.</param>
/// <param name="JournalBytes">The journal.</param>
/// <param name="LogBytes">Its write-ahead log: what is not carried over yet; null with PostgreSQL.</param>
/// <param name="SnapshotBytes">The snapshots.</param>
/// <param name="FreeBytes">Free on the disk; null with PostgreSQL, whose disk is not this machine's.</param>
/// <param name="Written">Facts written since the journal was made.</param>
/// <param name="Durability">What an answered write survives.</param>
public sealed record JournalView(
    string Directory, long JournalBytes, long? LogBytes, long SnapshotBytes, long? FreeBytes, long Written, string Durability);

/// <summary>A node as its operator sees it.</summary>
/// <param name="Nodes">All members, in order of their addresses.</param>
/// <param name="Shards">Shards on this node, in order of their numbers.</param>
/// <param name="ShardCount">Shards there are.</param>
/// <param name="Journal">Where it keeps what it knows.</param>
public sealed record ClusterView(
    ImmutableArray<NodeView> Nodes, ImmutableArray<ShardView> Shards, int ShardCount, JournalView Journal);

/// <summary>Tells of cluster, shards and journal.</summary>
public sealed class NodeStatus(ActorSystem system)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>As it is now.</summary>
    /// <exception cref="AskTimeoutException">The shard region did not answer.</exception>
    public async Task<ClusterView> ReadAsync(CancellationToken cancellation)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        var state = cluster.State;
        var shards = await ClusterSharding.Get(system).ShardRegion("user")
            .Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience, cancellation).ConfigureAwait(false);
        return new ClusterView(
            [
                .. state.Members.Select(member => new NodeView(
                    member.Address.ToString(), member.Status.ToString(), !state.Unreachable.Contains(member),
                    member.Address == state.Leader, member.Address == cluster.SelfAddress)),
            ],
            [
                .. shards.Shards.Select(shard => new ShardView(shard.ShardId, shard.EntityIds.Count))
                    .OrderBy(shard => shard.Id.Length).ThenBy(shard => shard.Id, StringComparer.Ordinal),
            ],
            Users.UserRouter.ShardCount,
            Journal());
    }

    private JournalView Journal()
    {
        var store = JournalReading.StoreOf(system);
        using var connection = store.OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(ordering), 0) FROM journal";
        var written = (long)command.ExecuteScalar()!;
        var size = store.Size();
        return new JournalView(
            store.Name, size.JournalBytes, size.LogBytes, size.SnapshotBytes, size.FreeBytes, written, store.Durability.ToString());
    }
}
