using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AptRl.Host.Bench;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptRl.Tests.Host.Bench;

public sealed class BenchRunTests
{
    private static readonly BenchOptions Small = new()
    {
        RatePerSecond = 100,
        Duration = TimeSpan.FromSeconds(1),
        WarmUp = TimeSpan.FromSeconds(1),
        Users = 10,
        Catalogue = 2_500,
        SlateLength = 3,
    };

    [Fact]
    public async Task Every_request_is_sent_and_every_click_names_an_item_that_was_shown()
    {
        await using var server = await FakeShop.StartAsync();
        var run = new BenchRun(server.Address, Small, TimeProvider.System);

        await run.FillCatalogueAsync(null, TestContext.Current.CancellationToken);
        var report = await run.MeasureAsync(null, null, TestContext.Current.CancellationToken);

        Assert.Empty(run.Faults);
        Assert.Equal((0, 0), (report.Recommend.Errors, report.Ingest.Errors));

        // 100 in the second that is measured, and 50 while the rate climbs evenly to 100.
        Assert.Equal((2_500, 150, 150), (server.Items.Count, server.Recommended, server.EventIds.Count));
        Assert.InRange(server.Clicks, 10, 60);
        Assert.Equal(0, server.ClicksOnNothing);
        Assert.InRange(report.Recommend.Achieved, 1, 101);
    }

    [Fact]
    public async Task A_wrong_answer_is_counted_and_named()
    {
        await using var server = await FakeShop.StartAsync();
        server.Status = StatusCodes.Status503ServiceUnavailable;

        var run = new BenchRun(server.Address, Small, TimeProvider.System);
        var report = await run.MeasureAsync(null, null, TestContext.Current.CancellationToken);

        Assert.Equal((150, 150), (report.Recommend.Errors, report.Ingest.Errors));
        Assert.Contains(run.Faults, fault => fault.StartsWith("/v1/recommend was answered 503: {", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dashboards_are_open_in_every_other_round_and_their_cost_is_a_ratio_of_neighbours()
    {
        await using var server = await FakeShop.StartAsync();
        var options = Small with { Duration = TimeSpan.FromSeconds(1) };
        await new BenchRun(server.Address, options, TimeProvider.System).FillCatalogueAsync(null, TestContext.Current.CancellationToken);

        var cost = await DashboardCost.MeasureAsync(server.Address, options, 4, () => System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime, null, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal((4, 9, 0), (cost.Streams, cost.Pairs, cost.Errors));
        Assert.Equal(4 + 9 * 4, server.StreamsOpened);
        Assert.InRange(cost.Ratio, cost.Low, cost.High);
        Assert.True(cost.With > 0 && cost.Without > 0 && cost.BytesPerSecond > 0, $"{cost}");
    }

    [Fact]
    public async Task A_stall_of_the_server_is_in_the_latency_of_all_that_was_due_meanwhile()
    {
        await using var server = await FakeShop.StartAsync();
        server.StallUntilRequest = 120;
        var options = Small with { WarmUp = TimeSpan.Zero };

        // Nothing is answered until 120 of the 200 are there, 0.595 s on. Of the 100 recommendations the 10th waits about
        // 0.5 s and the first 0.59 s. A load that waits for answers would never get there.
        var report = await new BenchRun(server.Address, options, TimeProvider.System).MeasureAsync(null, null, TestContext.Current.CancellationToken);

        Assert.Equal(0, report.Errors);
        Assert.InRange(report.Recommend.P90Ms, 400, 20_000);
        Assert.InRange(report.Recommend.P99Ms, 550, 20_000);
    }

    [Fact]
    public void The_report_has_the_names_that_programs_rely_on()
    {
        var stream = new StreamReport(500, 499.5, 1, 2, 3, 4, 0);
        var json = JsonNode.Parse((new BenchReport(stream, stream, 512.5) with
        {
            RewardToPolicyMs = new RewardReport(47, 99, 80, 0),
            Learner = new LearnerCost(100, 33, 309),
            Ledger = new LedgerReport(9, 8, 7, 6, 5, 4, 3, 2, 1),
        }).ToJson())!.AsObject();

        Assert.Equal(["recommend", "ingest", "peakMemoryMb", "rewardToPolicyMs", "learner", "dashboard", "nodes", "ledger", "recoverySeconds", "answeredWhileAway", "repeats"], json.Select(member => member.Key));
        Assert.Equal(["offered", "achieved", "p50Ms", "p90Ms", "p99Ms", "p999Ms", "errors"], json["recommend"]!.AsObject().Select(member => member.Key));
        Assert.Equal(["p50", "p99", "count", "errors"], json["rewardToPolicyMs"]!.AsObject().Select(member => member.Key));
        Assert.Equal(["updatesPerSecond", "entriesPerSecond", "bytesPerUpdate"], json["learner"]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            ["sent", "answered", "journalled", "lost", "doubled", "events", "decisions", "rewardsJoined", "rewardsLearned"],
            json["ledger"]!.AsObject().Select(member => member.Key));
        Assert.Equal((499.5, 512.5), ((double)json["ingest"]!["achieved"]!, (double)json["peakMemoryMb"]!));
    }

    /// <summary>Answers as the contract has it, out of nothing.</summary>
    private sealed class FakeShop : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _requests;
        private int _recommended;
        private int _clicks;
        private int _clicksOnNothing;
        private int _streamsOpened;

        private FakeShop(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.First());

        public int Status { get; set; } = StatusCodes.Status200OK;

        public int StallUntilRequest { get; set; }

        public ConcurrentDictionary<string, bool> Items { get; } = new();

        public ConcurrentDictionary<string, bool> EventIds { get; } = new();

        public ConcurrentDictionary<string, string> Shown { get; } = new();

        public int Recommended => _recommended;

        public int StreamsOpened => _streamsOpened;

        public int Clicks => _clicks;

        public int ClicksOnNothing => _clicksOnNothing;

        public static async Task<FakeShop> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var shop = new FakeShop(app);
            app.MapPost("/v1/items", async (HttpRequest request) => shop.Upsert((await JsonNode.ParseAsync(request.Body))!));
            app.MapPost("/v1/recommend", async (HttpRequest request) => await shop.AnswerAsync(shop.Recommend((await JsonNode.ParseAsync(request.Body))!)));
            app.MapPost("/v1/events", async (HttpRequest request) => await shop.AnswerAsync(shop.Observe((await JsonNode.ParseAsync(request.Body))!)));
            foreach (var name in new[] { "learning", "pipeline" })
            {
                app.MapGet($"/v1/{name}/stream", async (HttpContext http) =>
                {
                    Interlocked.Increment(ref shop._streamsOpened);
                    await http.Response.WriteAsync("data: {}\n\n", http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                    await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                });
            }

            await app.StartAsync(TestContext.Current.CancellationToken);
            return shop;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        private IResult Upsert(JsonNode body)
        {
            var items = body["items"]!.AsArray();
            foreach (var item in items)
            {
                Items[(string)item!["id"]!] = true;
            }

            return Results.Json(new { upserted = items.Count });
        }

        private object Recommend(JsonNode body)
        {
            var number = Interlocked.Increment(ref _recommended);
            var items = Enumerable.Range(0, (int)body["n"]!).Select(position => $"item-{(number + (position * 7)) % 2_500}").ToArray();
            Shown[$"r{number}"] = $"{body["user"]} {string.Join(' ', items)}";
            return new { recommendationId = $"r{number}", items = items.Select((item, position) => new { itemId = item, position, score = 0, propensity = .5 }) };
        }

        private object Observe(JsonNode body)
        {
            var id = (string)body["id"]!;
            EventIds[id] = true;
            var rewards = 0;
            if (body["recommendationId"] is { } recommendation)
            {
                Interlocked.Increment(ref _clicks);
                var shown = Shown[(string)recommendation!].Split(' ');
                var isShown = shown[0] == (string)body["user"]! && shown[1 + (int)body["position"]!] == (string)body["items"]![0]!;
                rewards = isShown ? 1 : 0;
                Interlocked.Add(ref _clicksOnNothing, 1 - rewards);
            }

            return new { accepted = 1, results = new[] { new { line = 1, id, status = "accepted", rewardsJoined = rewards } } };
        }

        private async Task<IResult> AnswerAsync(object answer)
        {
            if (Interlocked.Increment(ref _requests) >= StallUntilRequest)
            {
                _go.TrySetResult();
            }

            await _go.Task;
            return Results.Json(answer, statusCode: Status);
        }
    }
}
