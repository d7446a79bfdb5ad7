using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Actors.Operators;
using AptRl.Actors.Operators.Palettes;
using AptRl.Host.Http;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Learning;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;

namespace AptRl.Host.Operators;

/// <summary>The commands of the server: what it has decided, what it did not take, how long it takes, what it logs.</summary>
internal static class ServerPalettes
{
    public static IReadOnlyList<CommandPalette> All { get; } =
    [
        new(
            "decision",
            CommandDefinition.Of(
                "list", "the newest decisions of this node", call => Task.FromResult(Decisions(call)),
                CommandArgument.Number("lines", "decisions at most, 1 to 100; 10 if not said")),
            CommandDefinition.Of(
                "show", "a decision: what was shown, with which propensities, and what came of it", DecisionAsync,
                CommandArgument.Mandatory("id", "the recommendation's id"))),
        new(
            "user",
            CommandDefinition.Tail("export", "the user's journal as NDJSON", call => ExportAsync(call), CommandArgument.Mandatory("user", "name of the user"))),
        new(
            "rejects",
            CommandDefinition.Of(
                "", "the newest rejected events, with reason", call => Task.FromResult(Rejects(call)),
                CommandArgument.Number("lines", "rejects at most, 1 to 100; 30 if not said"))),
        new("latency", CommandDefinition.Of("", "rate and milliseconds of each stage", call => Task.FromResult(Latency(call)))),
        new(
            "log",
            CommandDefinition.Tail(
                "tail", "the newest log records, then each as it is written", call => LogAsync(call),
                CommandArgument.Optional("level", "only of this level and above: debug, information, warning, error"),
                CommandArgument.Number("lines", "records of the past to begin with, 0 to 500; 20 if not said"),
                CommandArgument.Number("count", "ends after so many records in all; never if not said"),
                CommandArgument.Flag("no-follow", "ends with the newest record"))),
    ];

    private static CommandAnswer Decisions(CommandCall call) => CommandAnswer.Table(
        call.Of<RecentDecisions>().Newest(call.Number("lines", 10, 1, RecentDecisions.CountMax)),
        ("decision", its => its.Id.Value), ("user", its => its.User.Value), ("policy", its => its.Policy), ("version", its => its.PolicyVersion),
        ("slate", its => its.Slate.Select(shown => shown.Item.Value)));

    private static async Task<CommandAnswer> DecisionAsync(CommandCall call)
    {
        var view = DecisionId.TryParse(call.Text("id"), out var id) ? await call.Of<IPersonalizer>().FindAsync(id, call.Cancellation) : null;
        if (view is not { Decision: var decision })
        {
            throw new CommandException($"no recommendation '{call.Text("id")}' is remembered: each user's newest ones are; 'user show USER' names the newest");
        }

        var table = CommandAnswer.Table(
            decision.Slate.Select((shown, place) => (Shown: shown, Place: place)),
            ("place", row => row.Place), ("item", row => row.Shown.Item.Value), ("score", row => row.Shown.Score), ("propensity", row => row.Shown.Propensity),
            ("explored", row => row.Shown.Explored),
            ("earned", row => view.Rewards.Where(reward => reward.Position == row.Place).Select(reward => JsonNamingPolicy.SnakeCaseLower.ConvertName(reward.Type.ToString()))));
        return table with { Json = JsonSerializer.SerializeToNode(Wire.Audit(decision, view.Rewards), WireJson.Web.RecommendationAudit) };
    }

    private static async IAsyncEnumerable<CommandAnswer> ExportAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var facts = call.Of<IPersonalizer>().Export(UserPalette.UserOf(call));
        await foreach (var fact in facts.RunAsAsyncEnumerable(call.Of<ActorSystem>()).WithCancellation(cancellation))
        {
            var line = JsonSerializer.Serialize(Wire.Export(fact), WireJson.Web.ExportLine);
            yield return new CommandAnswer([], [[line]], JsonNode.Parse(line));
        }
    }

    private static CommandAnswer Rejects(CommandCall call) => CommandAnswer.Table(
        call.Of<RejectLog>().Read(call.Number("lines", 30, 1, RejectLog.CountMax)).Newest,
        ("time", reject => reject.At), ("code", reject => reject.Code), ("reason", reject => reject.Reason));

    private static CommandAnswer Latency(CommandCall call)
    {
        var reading = call.Of<PipelineMonitor>().Read();
        return CommandAnswer.Table(
            reading.Totals.Select(pair => (
                pair.Key, Total: pair.Value, Now: reading.Seconds is [.., var last] ? last.Stages[(int)pair.Key].Count : 0,
                Taken: reading.Seconds.LastOrDefault(second => second.Stages[(int)pair.Key].Count > 0)?.Stages[(int)pair.Key])),
            ("stage", row => row.Key.ToString().ToLower(CultureInfo.InvariantCulture)), ("a second", row => row.Now), ("median", row => row.Taken?.Median),
            ("p99", row => row.Taken?.P99), ("most", row => row.Taken?.Max), ("since the start", row => row.Total));
    }

    private static async IAsyncEnumerable<CommandAnswer> LogAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (lines, left) = (call.Number("lines", 20, 0, RecentLog.CountMax), call.Number("count", int.MaxValue, 1, int.MaxValue));
        var least = call.Find("level") is not { } level ? LogLevel.Trace
            : Enum.TryParse<LogLevel>(level, ignoreCase: true, out var named) && Enum.IsDefined(named) ? named
            : throw new CommandException($"'{level}' is no level: it is one of trace, debug, information, warning, error, critical", isMisuse: true);
        await foreach (var record in call.Of<RecentLog>().ReadAsync(least, lines, follow: !call.Has("no-follow"), cancellation))
        {
            yield return CommandAnswer.Line(
                ("time", record.At), ("level", record.Level.ToString().ToLower(CultureInfo.InvariantCulture)), ("category", record.Category), ("text", record.Text),
                ("trace", record.TraceId), ("ids", record.Ids));
            if (--left == 0)
            {
                yield break;
            }
        }
    }
}
