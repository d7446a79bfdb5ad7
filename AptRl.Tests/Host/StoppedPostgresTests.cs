using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.Hosting;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptRl.Tests.Host;

/// <summary>The real server while its database is stopped and started again under load.</summary>
[Collection("Torch")]
public sealed class StoppedPostgresTests : IAsyncLifetime
{
    private const int Shoppers = 12;

    // Until the database is known to be back, the learner is started again, and lessons are sent again.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-stopped-").FullName;
    private readonly ConcurrentBag<(TimeSpan Begun, TimeSpan At, HttpStatusCode Status, bool SaysWhen, string Text)> _answers = [];
    private readonly ConcurrentDictionary<string, string> _taken = [];
    private readonly long _since = Stopwatch.GetTimestamp();
    private PostgresServer _server = null!;
    private WebApplication _app = null!;
    private int _decisions;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = PostgresServer.OfItsOwn();
        var database = _server.NewDatabase();
        var builder = AptRlHost.CreateBuilder(configured => configured with
        {
            Urls = "http://127.0.0.1:0", DataDir = _folder, Postgres = database.ConnectionString, Durability = null,
        });
        AptRlHost.AddPersonalizer(builder);
        _app = await AptRlHost.StartAsync(builder, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            _server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Stopped_for_three_seconds_callers_are_told_to_come_back_and_nothing_answered_is_lost_or_counted_twice()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
        await PostAsync(http, "/v1/items", """{"items":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}]}""");
        using var enough = new CancellationTokenSource();
        var shoppers = Enumerable.Range(0, Shoppers).Select(shopper => ShopAsync(http, shopper, enough.Token)).ToList();
        await Task.Delay(1_500, Cancellation);

        _server.Stop();
        var stopped = Stopwatch.GetElapsedTime(_since);
        await Task.Delay(3_000, Cancellation);
        var started = Stopwatch.GetElapsedTime(_since);
        _server.Start();
        await Task.Delay(7_000, Cancellation);
        await enough.CancelAsync();
        await Task.WhenAll(shoppers);

        // Told: served or told to come back, nothing else, and told soon.
        Assert.All(_answers, answer => Assert.True(
            answer.Status is HttpStatusCode.OK || (answer.Status is HttpStatusCode.ServiceUnavailable && answer.SaysWhen), $"{answer}"));
        var away = _answers.Where(answer => answer.At > stopped + TimeSpan.FromSeconds(1) && answer.At < started).ToList();
        Assert.NotEmpty(away);
        Assert.All(away, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        var back = _answers.Where(answer => answer.Status is HttpStatusCode.OK && answer.At > started).Min(answer => answer.At) - started;
        Assert.InRange(back, TimeSpan.Zero, Soon);
        Assert.All(_answers.Where(answer => answer.Begun > started + Soon), answer => Assert.True(answer.Status is HttpStatusCode.OK, $"{answer}"));

        // Every event that a shopper sent was sent until it was answered: the journal holds each once, and the learner each reward.
        var system = _app.Services.GetRequiredService<ActorSystem>();
        var options = new AptRlOptions { DataDirectory = _folder, Model = null! };
        var rebuilt = await RebuiltState.ReadAsync(system, new WindowOptions(), options.Scenarios, _ => { }, Cancellation);
        Assert.Equal((Shoppers, _taken.Count, _decisions), (rebuilt.Users, rebuilt.Accepted, rebuilt.Decisions));
        Assert.Equal(_decisions, rebuilt.RewardsJoined);
        var scenario = Assert.Single(await system.Personalizer().ScenariosAsync(Cancellation));
        Assert.Equal(_decisions, scenario.Rewards);
        Assert.True(_decisions > 2 * Shoppers, $"{_decisions} decisions");
        TestContext.Current.SendDiagnosticMessage(
            $"{_answers.Count} answers, {_answers.Count(answer => answer.Status is not HttpStatusCode.OK)} of them 503; {_taken.Count} events, {_decisions} decisions; the first answer {back.TotalSeconds:0.00} s after the start");
    }

    // A page, a click on its first item; each sent again until it is taken. Whole rounds only, so that the ledger closes.
    private async Task ShopAsync(HttpClient http, int shopper, CancellationToken enough)
    {
        var user = $"shopper{shopper}";
        for (var round = 0; !enough.IsCancellationRequested; round++)
        {
            var page = await UntilTakenAsync(http, "/v1/recommend", $$"""{"user":"{{user}}","n":2,"requestId":"page-{{round}}"}""");
            Interlocked.Increment(ref _decisions);
            var id = (string)page["recommendationId"]!;
            var item = (string)page["items"]![0]!["itemId"]!;
            var click = $$"""{"id":"{{user}}-{{round}}","type":"select_item","user":"{{user}}","time":"{{TimeProvider.System.GetUtcNow():O}}","itemId":"{{item}}","recommendationId":"{{id}}"}""";
            await UntilTakenAsync(http, "/v1/events", click);
            _taken[$"{user}-{round}"] = "";
            await Task.Delay(20, Cancellation);
        }
    }

    private async Task<JsonNode> UntilTakenAsync(HttpClient http, string path, string body)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            var (status, text) = await PostAsync(http, path, body);
            if (status is HttpStatusCode.OK)
            {
                return JsonNode.Parse(text)!;
            }

            await Task.Delay(100, Cancellation);
        }

        throw new TimeoutException($"never taken: {path} {body}");
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(HttpClient http, string path, string body)
    {
        var begun = Stopwatch.GetElapsedTime(_since);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, content, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        _answers.Add((begun, Stopwatch.GetElapsedTime(_since), answer.StatusCode, answer.Headers.RetryAfter is not null, text));
        return (answer.StatusCode, text);
    }
}
