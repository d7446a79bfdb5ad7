using System.Globalization;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Hosting;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.Hosting;
using AptRl.Model.Encoding;
using AptRl.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptRl.Tests.Contracts;

/// <summary>What callers see over HTTP of a store whose writes fail, or that makes everybody wait; and that it goes on by itself.</summary>
[Collection("Torch")]
public abstract class JournalFaultContract : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-fault-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(45) };
    private readonly HashSet<string> _taken = [];
    private readonly HashSet<string> _users = [];
    private WebApplication? _app;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string Folder => _folder;

    protected PostgresOptions? Database { get; private set; }

    private ActorSystem System => _app!.Services.GetRequiredService<ActorSystem>();

    /// <summary>The database of a test; null for files in its folder.</summary>
    protected abstract PostgresOptions? NewDatabase();

    /// <summary>Lets every write fail of the writers whose names are like this, in SQL's way.</summary>
    protected abstract void Fail(string writers);

    /// <summary>Ends <see cref="Fail"/>.</summary>
    protected abstract void Heal();

    /// <summary>Keeps every write waiting until it is disposed.</summary>
    protected abstract IDisposable Hold();

    public ValueTask InitializeAsync()
    {
        Database = NewDatabase();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _http.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        JournalFolder.Delete(_folder);
    }

    [Fact]
    public async Task Where_writes_fail_callers_are_told_at_once_to_come_back_and_the_repeat_counts_once()
    {
        // Nobody is told because it took too long: HTTP's client would have given up before.
        await StartAsync(askTimeout: TimeSpan.FromMinutes(1));
        await TakenAsync("/v1/items", Items("a", "b", "c"));

        Fail("user-%");
        await BusyAsync("/v1/events", View("ann", 1));
        await BusyAsync("/v1/recommend", Page("ann", 1));
        Heal();
        await TakenAsync("/v1/events", View("ann", 1), "accepted");
        await TakenAsync("/v1/events", View("ann", 1), "duplicate");
        var page = await TakenAsync("/v1/recommend", Page("ann", 1));

        Fail("catalogue");
        await BusyAsync("/v1/items", Items("d"));
        await TakenAsync("/v1/recommend", Page("ann", 2));
        Heal();
        await TakenAsync("/v1/items", Items("d"));
        Assert.Equal(4, (int)(await GetAsync("/v1/items"))["total"]!);

        // The learner is started again, and is sent again what it did not take: nobody is told to come back.
        using var failed = Inbox.Create(System);
        System.EventStream.Subscribe(failed.Receiver, typeof(WriteFailed));
        Fail("learner-%");
        var click = TakenAsync("/v1/events", Click("ann", 3, page), "accepted");
        Assert.Equal("learner-home", Assert.IsType<WriteFailed>(await failed.ReceiveAsync(TimeSpan.FromSeconds(30))).Writer);
        Heal();
        Assert.Equal(1, (int)(await click)["results"]![0]!["rewardsJoined"]!);
        await BalancedAsync(decisions: 2, rewards: 1);
    }

    [Fact]
    public async Task Where_writes_are_held_up_callers_are_told_to_come_back_and_nothing_is_lost_or_counted_twice()
    {
        await StartAsync(askTimeout: TimeSpan.FromSeconds(1));
        await TakenAsync("/v1/items", Items("a", "b", "c"));
        var page = await TakenAsync("/v1/recommend", Page("ann", 0));
        using (Hold())
        {
            await Task.WhenAll(
                BusyAsync("/v1/events", Click("ann", 1, page)), BusyAsync("/v1/events", View("bob", 1)), BusyAsync("/v1/recommend", Page("cid", 1)));
        }

        // What was held up may have been written since: then it is answered as what it is, a repeat.
        await TakenAsync("/v1/events", Click("ann", 1, page));
        await TakenAsync("/v1/events", View("bob", 1));
        var slate = await TakenAsync("/v1/recommend", Page("cid", 1));
        Assert.Equal(slate.ToJsonString(), (await TakenAsync("/v1/recommend", Page("cid", 1))).ToJsonString());
        await BalancedAsync(decisions: 2, rewards: 1);
    }

    private protected static string Items(params string[] names) => $$"""{"items":[{{string.Join(',', names.Select(name => $$"""{"id":"{{name}}"}"""))}}]}""";

    private protected static string View(string user, int minute)
        => $$"""{"id":"{{user}}-{{minute}}","type":"view_item","user":"{{user}}","time":"{{Time(minute)}}","itemId":"z"}""";

    private protected static string Page(string user, int minute)
        => $$"""{"user":"{{user}}","n":2,"requestId":"page-{{minute}}","time":"{{Time(minute)}}"}""";

    private protected static string Click(string user, int minute, JsonNode page)
        => $$"""{"id":"{{user}}-{{minute}}","type":"select_item","user":"{{user}}","time":"{{Time(minute)}}","itemId":"{{page["items"]![0]!["itemId"]}}","recommendationId":"{{page["recommendationId"]}}"}""";

    private static string Time(int minute) => Sample.Noon.AddMinutes(minute).ToString("O", CultureInfo.InvariantCulture);

    private protected static void AssertBusy(HttpAnswer answer)
        => Assert.Equal((503, "busy", 1.0), (answer.Status, answer.Code, answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0));

    private protected async Task StartAsync(TimeSpan askTimeout)
    {
        var builder = AptRlHost.CreateBuilder(configured => configured with { Urls = "http://127.0.0.1:0", DataDir = _folder });
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("aptrl", akka => akka.AddAptRl(new AptRlOptions
        {
            DataDirectory = _folder,
            Postgres = Database,
            Model = EncoderModel.Fresh(new EncoderOptions(), [], seed: 1),
            AskTimeout = askTimeout,
            FutureMax = null,
            Users = new() { TeachAgain = TimeSpan.FromMilliseconds(500), SnapshotEvery = 3 },
        }).AddHocon("akka { loglevel = ERROR, persistence.query.journal.sql.journal-sequence-retrieval.max-tries = 1 }", HoconAddMode.Prepend));
        builder.Services.AddPersonalizer();
        builder.Services.AddSingleton<TimeProvider>(new StillClock(Sample.Noon.AddDays(1)));
        _app = await AptRlHost.StartAsync(builder, Cancellation);
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    private protected async Task BusyAsync(string path, string body) => AssertBusy(await PostAsync(path, body));

    // Sent until it is taken, as a caller does who is told to come back.
    private protected async Task<JsonNode> TakenAsync(string path, string body, string? status = null)
    {
        HttpAnswer answer;
        for (var tries = 0; (answer = await PostAsync(path, body)).Status == 503; tries++)
        {
            Assert.True(tries < 100, $"never taken: {path} {body}");
            await Task.Delay(100, Cancellation);
        }

        Assert.True(answer.Status == 200, $"{path} {body}: {answer.Text}");
        if (path == "/v1/events")
        {
            Assert.Equal(status ?? (string)answer.Json["results"]![0]!["status"]!, (string)answer.Json["results"]![0]!["status"]!);
        }

        Count(body);

        return answer.Json;
    }

    private protected void Count(string body)
    {
        var sent = JsonNode.Parse(body)!;
        if (sent["user"] is { } user)
        {
            _users.Add((string)user!);
        }

        if (sent["id"] is { } id)
        {
            _taken.Add((string)id!);
        }
    }

    private protected async Task<HttpAnswer> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, global::System.Text.Encoding.UTF8, "application/json");
        return await HttpAnswer.OfAsync(await _http.PostAsync(path, content, Cancellation));
    }

    private async Task<JsonNode> GetAsync(string path) => (await HttpAnswer.OfAsync(await _http.GetAsync(path, Cancellation))).Json;

    // Each event that was answered is in the journal once, and in the end what was learned is what the journal says: lessons of
    // touches, which nobody waits for, may still come.
    private protected Task BalancedAsync(int decisions, int rewards) => TestCluster.UntilAsync(async () =>
    {
        await System.Personalizer().PublishAsync(Cancellation);
        var home = Assert.Single(await System.Personalizer().ScenariosAsync(Cancellation));
        var options = new AptRlOptions { DataDirectory = _folder, Model = null! };
        var rebuilt = await RebuiltState.ReadAsync(System, options.WindowsInForce, options.Scenarios, _ => { }, Cancellation);
        Assert.Equal((_users.Count, _taken.Count, decisions, rewards), (rebuilt.Users, rebuilt.Accepted, rebuilt.Decisions, rebuilt.RewardsJoined));
        return (home.Rewards, home.PolicyHash) == (rewards, rebuilt.PolicyHash) ? null : $"{home.Rewards} rewards of {rewards} are learned, {home.PolicyHash}, rebuilt is {rebuilt.PolicyHash}";
    });
}
