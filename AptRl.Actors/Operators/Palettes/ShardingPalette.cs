using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AptRl.Actors.Inspection;

namespace AptRl.Actors.Operators.Palettes;

/// <summary>Which node has which shards, and how many of their users are awake.</summary>
public static class ShardingPalette
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary><c>cluster-sharding list-regions</c>, <c>list-shards</c>, <c>region-stats</c>.</summary>
    public static CommandPalette Palette { get; } = new(
        "cluster-sharding",
        CommandDefinition.Of("list-regions", "shard regions", ListRegions),
        CommandDefinition.Of("list-shards", "shards on this node and their users that are awake", ListShardsAsync),
        CommandDefinition.Of(
            "region-stats", "shards and awake entities of a region, on every node", RegionStatsAsync,
            CommandArgument.Optional("region", "which, as list-regions has it; user if not said")));

    private static Task<CommandAnswer> ListRegions(CommandCall call) => Task.FromResult(CommandAnswer.Table(
        ClusterSharding.Get(call.Of<ActorSystem>()).ShardTypeNames.Order(StringComparer.Ordinal), ("region", name => name)));

    private static async Task<CommandAnswer> ListShardsAsync(CommandCall call) => CommandAnswer.Table(
        (await call.Of<NodeStatus>().ReadAsync(call.Cancellation).ConfigureAwait(false)).Shards,
        ("shard", shard => int.Parse(shard.Id, CultureInfo.InvariantCulture)), ("entities", shard => shard.Entities));

    private static async Task<CommandAnswer> RegionStatsAsync(CommandCall call)
    {
        var (sharding, name) = (ClusterSharding.Get(call.Of<ActorSystem>()), call.Find("region") ?? "user");
        if (!sharding.ShardTypeNames.Contains(name))
        {
            throw new CommandException($"there is no region '{name}' on this node: the regions are {string.Join(", ", sharding.ShardTypeNames.Order(StringComparer.Ordinal))}");
        }

        // The regions are given less time than we have, so that an answer without a dead node's comes before we give up.
        var stats = await sharding.ShardRegion(name)
            .Ask<ClusterShardingStats>(new GetClusterShardingStats(Patience), Patience + Patience, call.Cancellation).ConfigureAwait(false);
        return CommandAnswer.Table(
            stats.Regions.OrderBy(region => region.Key.ToString(), StringComparer.Ordinal),
            ("node", region => region.Key.ToString()), ("shards", region => region.Value.Stats.Count), ("entities", region => region.Value.Stats.Values.Sum()),
            ("most in a shard", region => region.Value.Stats.Values.DefaultIfEmpty().Max()), ("silent shards", region => region.Value.Failed.Count));
    }
}
