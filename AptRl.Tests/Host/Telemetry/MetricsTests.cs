using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AptRl.Actors.Clustering;
using AptRl.Actors.Telemetry;
using AptRl.Host.Telemetry;
using AptRl.Model.Learning;
using AptRl.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptRl.Tests.Host.Telemetry;

/// <summary>What /metrics says, what docs/telemetry.md says of it, and what the Grafana board asks for.</summary>
public sealed partial class MetricsTests(HttpServer server) : IClassFixture<HttpServer>
{
    [Fact]
    public async Task Every_metric_of_ours_is_documented_and_every_documented_one_is_there()
    {
        var told = OursIn(await ScrapeAsync());
        var documented = Row().Matches(DocsFile.Text("telemetry.md")).Select(row => row.Groups[2].Value).Order(StringComparer.Ordinal);
        Assert.Equal(told, documented);
    }

    /// <summary>Also those that measure nothing in this test, and are therefore not scraped.</summary>
    [Fact]
    public void Every_instrument_of_ours_is_documented()
    {
        var made = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is HostMetrics.MeterName or Meters.Name)
                {
                    made.Add(instrument.Name);
                }
            },
        };
        _ = (server.Services.GetRequiredService<HostMetrics>(), Meters.Waiting(Backlog.Encoder));
        listener.Start();
        Assert.Equal(Row().Matches(DocsFile.Text("telemetry.md")).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal), made);
    }

    [Fact]
    public void Every_span_of_ours_is_documented_and_every_documented_one_is_there()
        => Assert.Equal(Spans.Names.Order(StringComparer.Ordinal), Span().Matches(DocsFile.Text("telemetry.md")).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_Grafana_board_asks_for_metrics_that_are_told_and_documented()
    {
        var (metrics, docs) = (await ScrapeAsync(), DocsFile.Text("telemetry.md"));
        var board = JsonNode.Parse(DocsFile.Text(Path.Combine("grafana", "aptrl.json")))!;
        var queries = board["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => (string)target!["expr"]!)
            .Concat(board["templating"]!["list"]!.AsArray().Select(variable => (string)variable!["query"]!)).ToList();
        Assert.True(queries.Count > 15, $"{queries.Count} queries");

        var asked = queries.SelectMany(query => Metric().Matches(Labels().Replace(query, "")).Select(match => match.Value)).ToHashSet();
        Assert.All(asked, metric =>
        {
            Assert.Matches($"(?m)^{metric}[{{ ]", metrics);
            Assert.Contains(Suffix().Replace(metric, ""), docs, StringComparison.Ordinal);
        });
        Assert.Equal(OursIn(metrics).Except(asked.Select(metric => Suffix().Replace(metric, ""))), ["aptrl_rewards_joined_total", "aptrl_users_retired_total"]);
        Assert.Equal(board["panels"]!.AsArray().Count, board["panels"]!.AsArray().Select(panel => (int)panel!["id"]!).Distinct().Count());
    }

    /// <summary>After each instrument has measured something: until then it is not told.</summary>
    private async Task<string> ScrapeAsync()
    {
        await server.PostAsync("/v1/events", """{"id":"m1","type":"view_item","user":"mia","time":"2026-03-01T11:59:00Z","itemId":"a"}""");
        var slate = await server.PostAsync("/v1/rank", """{"user":"mia","candidates":["a","b"],"requestId":"m2"}""");
        await server.PostAsync($"/v1/recommendations/{slate.Json["recommendationId"]}/reward", """{"type":"click","itemId":"a"}""");
        await server.PostAsync("/v1/recommend", """{"user":"mia","scenario":"nowhere"}""");
        server.Services.GetRequiredService<HostMetrics>().Earned(("home", "learned"), RewardType.Click, 1);
        Meters.Took(Stage.Recommend, Stopwatch.GetTimestamp());
        Meters.Refused("user");
        Meters.Missed(1);
        Meters.DecidedStale();
        Meters.ReadGap();
        Meters.Retired(1);
        using var told = Meters.Tell("home", new PolicyAge(TimeProvider.System, TimeSpan.FromSeconds(1)));
        return (await server.GetAsync("/metrics")).Text;
    }

    private static IOrderedEnumerable<string> OursIn(string metrics)
        => Type().Matches(metrics).Select(line => line.Groups[1].Value).Where(name => name.StartsWith("aptrl_", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"(?m)^\| `(aptrl\.[a-z.]+)` \| `(aptrl_[a-z_]+)` \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"(?m)^\| `(aptrl\.[a-z.]+)` \| (?!`aptrl_)")]
    private static partial Regex Span();

    [GeneratedRegex("(?m)^# TYPE ([a-z_]+) ")]
    private static partial Regex Type();

    [GeneratedRegex("(?:aptrl|http|dotnet|aspnetcore|kestrel)_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\{[^}]*\}|by \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Suffix();
}
