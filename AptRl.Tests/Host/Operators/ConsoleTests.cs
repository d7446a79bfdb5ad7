using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using AptRl.Host.Commands;
using AptRl.Host.Hosting;
using AptRl.Host.Operators;
using AptRl.Tests.Support;
using Microsoft.AspNetCore.Builder;
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
            var url = app.Urls.First();
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await PostAsync(client, "/v1/items", """{"items":[{"id":"boot"},{"id":"hat"},{"id":"sold-out","available":false}]}""");
            await PostAsync(client, "/v1/events", """{"id":"e1","type":"view_item","user":"ann","time":"2026-03-01T11:59:00Z","itemId":"boot"}""");
            await PostAsync(client, "/v1/events", """{"id":"e2","type":"wobble","user":"ann","time":"2026-03-01T11:59:00Z","itemId":"boot"}""");
            await PostAsync(client, "/v1/recommend", """{"user":"ann","n":2,"requestId":"page-1","time":"2026-03-01T12:00:00Z"}""");
            var id = AptRl.Model.Events.DecisionId.For(Sample.Ann, Sample.Home, "page-1").Value;
            await PostAsync(client, $"/v1/recommendations/{id}/reward", """{"type":"add_to_cart","position":1,"time":"2026-03-01T12:00:30Z"}""");

            var session = new StringBuilder();
            foreach (var line in new[]
            {
                "help", "cluster show", "cluster status", "cluster leader", "cluster-sharding list-regions", "user find a", "user show ann", "window ann",
                "agent list", "encoder", "decision list", $"decision show {id}", "rejects", "decision show nothing", "window", "cluster wobble",
                "user delete ann bob", "user delete ann ann", "user find a", "user find a --json",
            })
            {
                var output = new StringWriter();
                var code = await Cli.RunAsync(
                    new RootCommand { ConsoleCommandLine.Create() }, ["console", .. line.Split(' '), "--url", url],
                    new InvocationConfiguration { Output = output, Error = output });
                session.Append("aptrl> ").AppendLine(line).Append(output).AppendLine(code == 0 ? "" : $"({code})");
            }

            ApprovedFile.Check("console-session.txt", Masked(session.ToString()));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_a_node_the_way_out_is_told()
    {
        var error = new StringWriter();
        var code = await Cli.RunAsync(
            new RootCommand { ConsoleCommandLine.Create() }, ["console", "cluster", "show", "--url", "http://127.0.0.1:1"], new InvocationConfiguration { Error = error });
        Assert.Equal(Cli.Failed, code);
        Assert.Contains("aptrl serve", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_is_completed_as_far_as_it_is_certain()
    {
        using var node = new NodeClient(new Uri("http://127.0.0.1:1"), key: null);
        var console = new CommandConsole(NodePalettes.All, node);

        Assert.Equal(["cluster leader", "cluster show", "cluster status"], console.Completions("cluster "));
        Assert.Equal("cluster", LineEditor.Common(console.Completions("cl")));
        Assert.Equal("decision ", LineEditor.Common(console.Completions("de")));
        Assert.Equal("", LineEditor.Common(console.Completions("nothing")));
    }

    private static WebApplicationBuilder Builder(string folder)
    {
        var builder = AptRlHost.CreateBuilder(options => options with { Urls = "http://127.0.0.1:0", DataDir = folder });
        AptRlHost.AddPersonalizer(builder);
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

    [GeneratedRegex(@"[0-9T:.Z-]{20,} +(unknown_type)")]
    private static partial Regex Times();

    [GeneratedRegex("(?<=\\S) {2,}")]
    private static partial Regex Spaces();
}
