using System.Globalization;
using Akka.Actor;
using AptRl.Actors.Inspection;

namespace AptRl.Actors.Operators.Palettes;

/// <summary>The members of the cluster: shown, told to leave, declared down.</summary>
public static class ClusterPalette
{
    /// <summary><c>cluster show</c>, <c>status</c>, <c>leader</c>, <c>leave</c>, <c>down</c>.</summary>
    public static CommandPalette Palette { get; } = new(
        "cluster",
        CommandDefinition.Of("show", "members of the cluster", ShowAsync),
        CommandDefinition.Of("status", "this node: status, shards, users awake, journal", StatusAsync),
        CommandDefinition.Of("leader", "who leads", LeaderAsync),
        CommandDefinition.Of(
            "leave", "lets a member hand over what it has and go; its process ends", call => Task.FromResult(Leave(call)),
            CommandArgument.Optional("address", "which, as 'cluster show' has it; this node if not said"))
            with { Confirmation = "the member hands over its shards and its process ends." },
        CommandDefinition.Of(
            "down", "declares a member dead that cannot be reached", call => Task.FromResult(Down(call)),
            CommandArgument.Mandatory("address", "which, as 'cluster show' has it"))
            with { Confirmation = "a member that is down is not heard again until its process is started anew; be sure that it is dead, or its users will live twice." });

    private static async Task<CommandAnswer> ShowAsync(CommandCall call) => CommandAnswer.Table(
        (await ReadAsync(call).ConfigureAwait(false)).Nodes,
        ("address", node => node.Address), ("status", node => node.Status), ("reachable", node => node.IsReachable), ("leader", node => node.IsLeader), ("this", node => node.IsSelf));

    private static async Task<CommandAnswer> StatusAsync(CommandCall call)
    {
        var view = await ReadAsync(call).ConfigureAwait(false);
        return CommandAnswer.Facts(
            ("status", view.Nodes.FirstOrDefault(node => node.IsSelf)?.Status ?? "not a member"), ("members", view.Nodes.Length),
            ("shards", string.Create(CultureInfo.InvariantCulture, $"{view.Shards.Length} of {view.ShardCount}")),
            ("users awake", view.Shards.Sum(shard => shard.Entities)), ("facts written", view.Journal.Written), ("journal bytes", view.Journal.JournalBytes),
            ("free bytes", view.Journal.FreeBytes), ("durability", view.Journal.Durability));
    }

    private static async Task<CommandAnswer> LeaderAsync(CommandCall call)
        => CommandAnswer.Facts(("leader", (await ReadAsync(call).ConfigureAwait(false)).Nodes.FirstOrDefault(node => node.IsLeader)?.Address ?? "none"));

    private static CommandAnswer Leave(CommandCall call)
    {
        var cluster = Akka.Cluster.Cluster.Get(call.Of<ActorSystem>());
        var member = call.Find("address") is { } address ? MemberOf(cluster, address) : cluster.SelfAddress;
        cluster.Leave(member);
        return CommandAnswer.Facts(("leaving", member.ToString()));
    }

    private static CommandAnswer Down(CommandCall call)
    {
        var cluster = Akka.Cluster.Cluster.Get(call.Of<ActorSystem>());
        var member = MemberOf(cluster, call.Text("address"));
        cluster.Down(member);
        return CommandAnswer.Facts(("down", member.ToString()));
    }

    private static Address MemberOf(Akka.Cluster.Cluster cluster, string address)
        => cluster.State.Members.FirstOrDefault(member => member.Address.ToString() == address)?.Address
            ?? throw new CommandException($"'{address}' is no member of the cluster: 'cluster show' lists them");

    private static Task<ClusterView> ReadAsync(CommandCall call) => call.Of<NodeStatus>().ReadAsync(call.Cancellation);
}
