using System.Globalization;
using System.Text.Json.Nodes;

namespace AptRl.Host.Operators;

/// <summary>The palettes of a node: named as operators of Akka.NET know them, and AptRl's own.</summary>
internal static class NodePalettes
{
    public static IReadOnlyList<CommandPalette> All { get; } =
    [
        new("cluster",
        [
            new("show", "", "members of the cluster", async (node, _, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync("/v1/cluster", cancellation))["nodes"],
                ("address", row => (string?)row["address"]), ("status", row => (string?)row["status"]),
                ("reachable", row => YesNo(row["reachable"])), ("leader", row => YesNo(row["leader"])), ("this", row => YesNo(row["self"])))),
            new("status", "", "this node: status, shards, users awake, journal", async (node, _, cancellation) =>
            {
                var cluster = await node.GetAsync("/v1/cluster", cancellation);
                return ConsoleAnswer.Facts(
                    cluster,
                    ("status", (string?)cluster["nodes"]!.AsArray().First(its => (bool)its!["self"]!)!["status"]),
                    ("shards", $"{cluster["shards"]!.AsArray().Count} of {cluster["shardCount"]}"),
                    ("users awake", Text(cluster["entities"])), ("facts written", Text(cluster["journal"]!["written"])),
                    ("journal bytes", Text(cluster["journal"]!["journalBytes"])), ("free bytes", Text(cluster["journal"]!["freeBytes"])),
                    ("durability", Text(cluster["journal"]!["durability"])));
            }),
            new("leader", "", "who leads", async (node, _, cancellation) =>
            {
                var cluster = await node.GetAsync("/v1/cluster", cancellation);
                return ConsoleAnswer.Facts(cluster, ("leader", (string?)cluster["nodes"]!.AsArray().FirstOrDefault(its => (bool)its!["leader"]!)?["address"] ?? "none"));
            }),
        ]),
        new("cluster-sharding",
        [
            new("list-regions", "", "shard regions", async (node, _, cancellation) =>
            {
                var cluster = await node.GetAsync("/v1/cluster", cancellation);
                return new ConsoleAnswer(cluster, ["region", "shards", "entities"], [["user", Text(cluster["shardCount"]), Text(cluster["entities"])]]);
            }),
            new("list-shards", "", "shards on this node and their users that are awake", async (node, _, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync("/v1/cluster", cancellation))["shards"], ("shard", row => (string?)row["id"]), ("entities", row => Text(row["entities"])))),
        ]),
        new("user",
        [
            new("find", "[BEGINNING]", "users whose names begin so", async (node, words, cancellation) =>
            {
                var found = await node.GetAsync($"/v1/users?search={Part(words.Count > 0 ? words[0] : "")}", cancellation);
                return new ConsoleAnswer(found, ["user"], [.. found["users"]!.AsArray().Select(user => (IReadOnlyList<string>)[(string)user!])]);
            }),
            new("show", "USER", "what is known of a user", async (node, words, cancellation) =>
            {
                var user = await node.GetAsync($"/v1/users/{Part(words[0])}", cancellation);
                return ConsoleAnswer.Facts(user, [.. user.AsObject().Where(pair => pair.Value is JsonValue).Select(pair => (pair.Key, (string?)Text(pair.Value)))]);
            }, 1),
            new("export", "USER", "the user's journal as NDJSON", async (node, words, cancellation) =>
            {
                var lines = (await node.TextAsync($"/v1/users/{Part(words[0])}/export", cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return new ConsoleAnswer(new JsonArray([.. lines.Select(line => JsonNode.Parse(line))]), [], [.. lines.Select(line => (IReadOnlyList<string>)[line])]);
            }, 1),
            new("delete", "USER USER", "deletes a user; the name twice, to be sure", async (node, words, cancellation) =>
            {
                if (words[0] != words[1])
                {
                    throw new Commands.UserErrorException($"'{words[0]}' and '{words[1]}' are not the same name: nothing was deleted");
                }

                await node.DeleteAsync($"/v1/users/{Part(words[0])}", cancellation);
                return ConsoleAnswer.Facts(new JsonObject { ["deleted"] = words[0] }, ("deleted", words[0]));
            }, 2),
        ]),
        new("window",
        [
            new("", "USER", "the window that the encoder sees, oldest first", async (node, words, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync($"/v1/users/{Part(words[0])}/window", cancellation))["touches"],
                ("time", row => Text(row["time"])), ("type", row => Text(row["type"])), ("item", row => Text(row["itemId"])), ("event", row => Text(row["eventId"]))), 1),
        ]),
        new("agent",
        [
            new("list", "", "scenarios, what decides there and what it has learned", async (node, _, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync("/v1/scenarios", cancellation))["scenarios"],
                ("scenario", row => Text(row["id"])), ("learner", row => Text(row["learner"])), ("exploration", row => Text(row["exploration"])),
                ("version", row => Text(row["policyVersion"])), ("lessons", row => Text(row["lessons"])), ("hash", row => Text(row["policyHash"])))),
        ]),
        new("encoder",
        [
            new("", "", "the encoder in force, by scenario", async (node, _, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync("/v1/scenarios", cancellation))["scenarios"], ("scenario", row => Text(row["id"])), ("encoder", row => Text(row["modelVersion"])))),
        ]),
        new("decision",
        [
            new("list", "[N]", "the newest decisions", async (node, words, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync($"/v1/recommendations?n={Part(words.Count > 0 ? words[0] : "10")}", cancellation))["decisions"],
                ("decision", row => Text(row["recommendationId"])), ("user", row => Text(row["user"])), ("policy", row => Text(row["policy"])),
                ("version", row => Text(row["policyVersion"])), ("slate", row => string.Join(' ', row["items"]!.AsArray().Select(Text))))),
            new("show", "ID", "a decision: what was shown, with which propensities, and what came of it", async (node, words, cancellation) =>
            {
                var audit = await node.GetAsync($"/v1/recommendations/{Part(words[0])}", cancellation);
                return ConsoleAnswer.Table(
                    audit["items"], ("place", row => Text(row["position"])), ("item", row => Text(row["itemId"])), ("score", row => Short(row["score"])),
                    ("propensity", row => Short(row["propensity"])), ("explored", row => YesNo(row["explored"])),
                    ("earned", row => string.Join(' ', (audit["rewards"]?.AsArray() ?? []).Where(reward => (int)reward!["position"]! == (int)row["position"]!).Select(reward => Text(reward!["type"])))))
                    with { Json = audit };
            }, 1),
        ]),
        new("rejects",
        [
            new("", "", "the newest rejected events, with reason", async (node, _, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync("/v1/pipeline", cancellation))["recentRejects"],
                ("time", row => Text(row["time"])), ("code", row => Text(row["code"])), ("reason", row => Text(row["reason"])))),
        ]),
        new("latency",
        [
            new("", "", "rate and milliseconds of each stage", async (node, _, cancellation) => ConsoleAnswer.Table(
                (await node.GetAsync("/v1/pipeline", cancellation))["stages"],
                ("stage", row => Text(row["name"])), ("a second", row => Text(row["perSecond"])), ("median", row => Text(row["median"])),
                ("99 %", row => Text(row["p99"])), ("most", row => Text(row["max"])), ("since the start", row => Text(row["total"])))),
        ]),
    ];

    private static string Part(string text) => Uri.EscapeDataString(text);

    private static string Text(JsonNode? node) => node?.ToString() ?? "";

    private static string YesNo(JsonNode? node) => node is not null && (bool)node ? "yes" : "no";

    private static string Short(JsonNode? node) => node is null ? "" : ((double)node).ToString("0.####", CultureInfo.InvariantCulture);
}
