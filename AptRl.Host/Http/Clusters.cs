using AptRl.Actors.Inspection;
using AptRl.Host.Http.Contracts;

namespace AptRl.Host.Http;

/// <summary>Nodes, shards and the files of the journal.</summary>
internal static class Clusters
{
    public static void MapClusters(this WebApplication app)
        => app.MapGet("/v1/cluster", ReadAsync).WithName("cluster").WithSummary("Nodes, shards with their users that are awake, and the journal's files.")
            .Produces<ClusterAnswer>().Refuses(401, 403, 429, 503);

    private static async Task<IResult> ReadAsync(HttpContext http, NodeStatus status)
    {
        var view = await status.ReadAsync(http.RequestAborted);
        return TypedResults.Json(
            new ClusterAnswer(
                [.. view.Nodes.Select(node => new NodeBody(node.Address, node.Status, node.IsReachable, node.IsLeader, node.IsSelf))],
                [.. view.Shards.Select(shard => new ShardBody(shard.Id, shard.Entities))],
                view.ShardCount,
                view.Shards.Sum(shard => shard.Entities),
                new JournalBody(
                    view.Journal.Directory, view.Journal.JournalBytes, view.Journal.LogBytes, view.Journal.SnapshotBytes, view.Journal.FreeBytes,
                    view.Journal.Written, view.Journal.Durability)),
            WireJson.Web.ClusterAnswer);
    }
}
