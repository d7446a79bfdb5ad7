using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AptRl.Actors.Operators;
using AptRl.Host.Commands;
using AptRl.Host.Hosting;
using AptRl.Host.Operators;
using AptRl.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MyShop;
using Xunit;

namespace AptRl.Tests.Host.Operators;

[Collection("Torch")]
public sealed partial class ConsoleTests
{
    [Fact]
    public async Task A_session_with_a_running_node_is_as_approved()
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-console-");
        await using (var app = await AptRlHost.StartAsync(Builder(folder.FullName), TestContext.Current.CancellationToken))
        {
            var (shop, door) = (app.Urls.First(), app.Services.GetRequiredService<OperatorDoor>().Url);
            using var client = new HttpClient { BaseAddress = new Uri(shop) };
            await PostAsync(client, "/v1/items", """{"items":[{"id":"boot"},{"id":"hat"},{"id":"sold-out","available":false}]}""");
            await PostAsync(client, "/v1/events", """{"id":"e1","type":"view_item","user":"ann","time":"2026-03-01T11:59:00Z","itemId":"boot"}""");
            await PostAsync(client, "/v1/events", """{"id":"e2","type":"wobble","user":"ann","time":"2026-03-01T11:59:00Z","itemId":"boot"}""");
            await PostAsync(client, "/v1/recommend", """{"user":"ann","n":2,"requestId":"page-1","time":"2026-03-01T12:00:00Z"}""");
            var id = AptRl.Model.Events.DecisionId.For(Sample.Ann, Sample.Home, "page-1").Value;
            await PostAsync(client, $"/v1/recommendations/{id}/reward", """{"type":"add_to_cart","position":1,"time":"2026-03-01T12:00:30Z"}""");
            StockIsLow(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop"), "hat", null);

            var session = new StringBuilder();
            foreach (var line in new[]
            {
                "help", "help cluster down", "actor system", "actor hierarchy /system/sharding --depth 5", "actor hierarchy /user/learner-home --json", "actor hierarchy /user/nobody",
                "cluster show", "cluster status", "cluster leader", "cluster down akka.tcp://aptrl@10.0.0.1:4053", "cluster down akka.tcp://aptrl@10.0.0.1:4053 --yes",
                "cluster-sharding list-regions", "cluster-sharding region-stats", "cluster-sharding region-stats nothing", "user find a", "user show ann", "window ann",
                "agent list", "encoder", "decision list", $"decision show {id}", "rejects", "journal tail user-ann --lines 3 --count 3", "journal tail user-ann --lines 1 --no-follow --json",
                "log tail --lines 1 --no-follow", "log tail wobble", "stock low", "stock low --json", "decision show nothing", "window", "cluster wobble", "user find --wobble", "latency 3",
                "user delete ann bob", "user delete ann ann", "user find a", "user find a --json", "cluster leave", "cluster leave --yes",
            })
            {
                var (code, output) = await AskAsync(door, line.Split(' '));
                session.Append("aptrl> ").AppendLine(line).Append(output).AppendLine(code == 0 ? "" : $"({code})");
            }

            ApprovedFile.Check("console-session.txt", Masked(session.ToString()));
            await app.WaitForShutdownAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_tail_shows_what_happens_while_it_is_looked_at()
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-tail-");
        await using (var app = await AptRlHost.StartAsync(Builder(folder.FullName), TestContext.Current.CancellationToken))
        {
            var (shop, door) = (app.Urls.First(), app.Services.GetRequiredService<OperatorDoor>().Url);
            using var client = new HttpClient { BaseAddress = new Uri(shop) };
            var (journal, log) = (AskAsync(door, "journal", "tail", "user-bob", "--count", "3"), AskAsync(door, "log", "tail", "warning", "--lines", "0", "--count", "2"));
            for (var i = 0; !(journal.IsCompleted && log.IsCompleted) && i < 200; i++)
            {
                await PostAsync(client, "/v1/events", $$"""{"id":"e{{i}}","type":"view_item","user":"bob","time":"2026-03-01T12:00:00Z","itemId":"boot"}""");
                StockIsLow(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop"), $"hat {i}", null);
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            var facts = (await journal).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(["event e0,", "event e1,", "event e2,"], facts.Select(fact => $"event {fact.Split("event ")[1].Split(' ')[0]}"));
            Assert.Equal(2, (await log).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains("stock of hat", StringComparison.Ordinal)));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_a_node_the_way_out_is_told()
    {
        var (code, output) = await AskAsync("http://127.0.0.1:1", "cluster", "show");
        Assert.Equal(Cli.Failed, code);
        Assert.Contains("aptrl serve", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_is_completed_as_far_as_it_is_certain()
    {
        using var node = new NodeClient(new Uri("http://127.0.0.1:1"), key: null);
        using var services = new ServiceCollection().AddAptRlConsole().BuildServiceProvider();
        var console = new CommandConsole(
            KnownCommand.Read(JsonNode.Parse(OperatorWire.Describe(services.GetRequiredService<OperatorDesk>()))), node);

        Assert.Equal(["cluster down", "cluster leader", "cluster leave", "cluster show", "cluster status"], console.Completions("cluster "));
        Assert.Equal("cluster", LineEditor.Common(console.Completions("cl")));
        Assert.Equal("journal tail", LineEditor.Common(console.Completions("j")));
        Assert.Equal(["journal tail ann --count", "journal tail ann --json", "journal tail ann --lines", "journal tail ann --no-follow"], console.Completions("journal tail ann --"));
        Assert.Equal(["cluster leave --yes"], console.Completions("cluster leave --y"));
        Assert.Equal("", LineEditor.Common(console.Completions("nothing")));
    }

    [Fact]
    public void Quotes_keep_words_together()
    {
        Assert.Equal(["user", "show", "ann lee", "", "o'neil"], CommandConsole.Split("""user  show "ann lee" '' "o'neil" """));
    }

    [Fact]
    public void The_history_outlives_the_session_and_is_bounded()
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-history-");
        var file = Path.Combine(folder.FullName, "aptrl", "history");
        var first = new ConsoleHistory(file);
        for (var i = 0; i < ConsoleHistory.LinesMax + 2; i++)
        {
            first.Add($"line {i}");
            first.Add($"line {i}");
        }

        var second = new ConsoleHistory(file);
        Assert.Equal((ConsoleHistory.LinesMax, ConsoleHistory.LinesMax), (second.Lines.Count, File.ReadLines(file).Count()));
        Assert.Equal(("line 2", $"line {ConsoleHistory.LinesMax + 1}"), (second.Lines[0], second.Lines[^1]));
        folder.Delete(recursive: true);
    }

    private static async Task<(int Code, string Output)> AskAsync(string url, params string[] words)
    {
        var output = new StringWriter();
        var code = await Cli.RunAsync(
            new RootCommand { ConsoleCommandLine.Create() }, ["console", .. words, "--url", url],
            new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "stock of {Item} is low")]
    private static partial void StockIsLow(ILogger log, string item, Exception? cause);

    private static WebApplicationBuilder Builder(string folder)
    {
        var builder = AptRlHost.CreateBuilder(options => options with { Urls = "http://127.0.0.1:0", DataDir = folder, OperatorPort = "0" });
        AptRlHost.AddPersonalizer(builder);

        // A palette of the shop's own, as docs/console.md has it.
        builder.Services.AddAptRlPalette(StockPalette.Palette);
        return builder;
    }

    private static async Task PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await client.PostAsync(path, content, TestContext.Current.CancellationToken)).Dispose();
    }

    // What differs from run to run: the port, sizes, versions, hashes, the time of now; and the width of columns with it.
    private static string Masked(string session)
    {
        session = Port().Replace(session, "$1PORT");
        session = Sizes().Replace(session, "$1 N");
        session = Hashes().Replace(session, "N  N  HASH");
        session = WindowHashes().Replace(session, "WINDOWHASH");
        session = Times().Replace(session, "NOW  $1");
        session = Numbers().Replace(session, "N$1");
        session = System().Replace(session, "$1  VALUE");
        return string.Join('\n', session.ReplaceLineEndings("\n").Split('\n').Select(line => Spaces().Replace(line, "  ").TrimEnd()));
    }

    [GeneratedRegex(@"(127\.0\.0\.1:)\d+")]
    private static partial Regex Port();

    [GeneratedRegex(@"(facts written|journal bytes|free bytes) +\d+")]
    private static partial Regex Sizes();

    [GeneratedRegex(@"\d+ +\d+ +[0-9a-f]{64}")]
    private static partial Regex Hashes();

    [GeneratedRegex(@"[0-9a-f]{32}")]
    private static partial Regex WindowHashes();

    [GeneratedRegex(@"(?m)^\d+(  user-ann)|(?<=""number"":)\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(?m)^(uptime|akka|aptrl|runtime|processors) +\S.*$")]
    private static partial Regex System();

    [GeneratedRegex(@"[0-9T:.Z-]{20,} +(unknown_type|warning  Shop)")]
    private static partial Regex Times();

    [GeneratedRegex("(?<=\\S) {2,}")]
    private static partial Regex Spaces();
}
