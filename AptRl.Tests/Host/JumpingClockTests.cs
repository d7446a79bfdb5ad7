using System.Globalization;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Actors.Streams;
using AptRl.Host.Hosting;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using EventId = AptRl.Model.Events.EventId;

namespace AptRl.Tests.Host;

/// <summary>The real server while its clock jumps; and what lies in the future of it, over HTTP and in process.</summary>
[Collection("Torch")]
public sealed class JumpingClockTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-clock-").FullName;
    private readonly StillClock _clock = new(Sample.Noon);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private WebApplication _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ActorSystem System => _app.Services.GetRequiredService<ActorSystem>();

    private IPersonalizer Personalizer => System.Personalizer();

    public async ValueTask InitializeAsync()
    {
        var builder = AptRlHost.CreateBuilder(configured => configured with { Urls = "http://127.0.0.1:0", DataDir = _folder });
        builder.Logging.ClearProviders();
        AptRlHost.AddPersonalizer(builder);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        _app = await AptRlHost.StartAsync(builder, Cancellation);
        _http.BaseAddress = new Uri(_app.Urls.First());
        await Personalizer.UpsertAsync([.. "abcd".Select(name => new Item(Sample.Item($"{name}"), true, []))], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        JournalFolder.Delete(_folder);
    }

    [Fact]
    public async Task In_process_the_last_moment_of_the_tolerance_is_taken_and_what_is_after_it_is_rejected_as_over_HTTP()
    {
        var latest = Sample.Noon.AddMinutes(5);
        var ahead = new Interaction(new EventId("ahead"), Sample.Ann, InteractionKind.ViewItem, latest.AddTicks(1), [Sample.Item("a")]);
        const string Fault = "time 2026-06-01T12:05:00.0000001+00:00 is after 2026-06-01T12:05:00.0000000+00:00, the latest that is allowed now: correct the sender's clock";
        Assert.Equal(new Observed(ahead.Id, ObserveStatus.Rejected, 0, "time_in_future", Fault), await Personalizer.ObserveAsync(ahead, Cancellation));
        var request = new RecommendRequest(Sample.Ann, Sample.Home, "page", latest.AddTicks(1), 2, [], []);
        Assert.Equal(new Recommended(null, Refusal.Invalid, Fault), await Personalizer.RecommendAsync(request, Cancellation));
        var outcomes = await Source.Single(ahead).Via(PersonalizationFlow.Outcomes(System, new PersonalizationFlowOptions())).RunWith(Sink.Seq<Outcome>(), System.Materializer());
        Assert.Equal((ObserveStatus.Rejected, null), (outcomes.Single().Observed.Status, outcomes.Single().Decision));
        Assert.Null(await Personalizer.UserAsync(Sample.Ann, Cancellation));

        var (status, answer) = await PostAsync("/v1/events", Event("ahead", latest.AddTicks(1)));
        Assert.Equal((422, "time_in_future", Fault), (status, (string?)answer["code"], (string?)answer["detail"]));
        var just = new Interaction(ahead.Id, Sample.Ann, InteractionKind.ViewItem, latest, [Sample.Item("a")]);
        Assert.Equal(ObserveStatus.Accepted, (await Personalizer.ObserveAsync(just, Cancellation)).Status);
        Assert.NotNull((await Personalizer.RecommendAsync(request with { At = latest }, Cancellation)).Decision);
    }

    [Fact]
    public async Task Forth_and_back_by_hours_requests_are_served_events_go_by_their_times_and_the_journal_says_what_the_actors_know()
    {
        var (accepted, rewards, jump) = (0, 0, 0);
        foreach (var (hours, isLate) in ((double, bool)[])[(0, false), (6, false), (-3, false), (30, false), (-20, true), (0, true), (31, false)])
        {
            jump++;
            _clock.Now = Sample.Noon.AddHours(hours);
            var (status, answer) = await PostAsync("/v1/events", Event($"view{jump}", _clock.Now));
            Assert.Equal((200, isLate ? "late" : "accepted"), (status, (string?)answer["results"]![0]!["status"]));

            // The time of a request, and of a reward, that say none is the server's.
            (status, answer) = await PostAsync("/v1/recommend", $$"""{"user":"ann","n":2,"requestId":"page{{jump}}"}""");
            Assert.Equal(200, status);
            Assert.All(answer["items"]!.AsArray(), item => Assert.InRange((double)item!["propensity"]!, double.Epsilon, 1));
            (status, answer) = await PostAsync($"/v1/recommendations/{(string)answer["recommendationId"]!}/reward", """{"type":"select_item","position":0}""");
            Assert.Equal((200, isLate ? "late" : "accepted"), (status, (string?)answer["status"]));
            (accepted, rewards) = isLate ? (accepted, rewards) : (accepted + 2, rewards + (int)answer["rewardsJoined"]!);
            Assert.Equal(422, (await PostAsync("/v1/events", Event($"ahead{jump}", _clock.Now.AddMinutes(6)))).Status);
        }

        var ann = (await Personalizer.UserAsync(Sample.Ann, Cancellation))!;
        Assert.Equal((10, 10, 7), (accepted, ann.Accepted, ann.DecisionCount));
        Assert.Equal(rewards, ann.RewardsJoined);
        Assert.Equal(ann.Window.Select(touch => touch.At).Order(), ann.Window.Select(touch => touch.At));
        await TestCluster.UntilAsync(async () =>
        {
            await Personalizer.PublishAsync(Cancellation);
            var home = Assert.Single(await Personalizer.ScenariosAsync(Cancellation));
            var options = new AptRlOptions { DataDirectory = _folder, Model = null! };
            var rebuilt = await RebuiltState.ReadAsync(System, options.WindowsInForce, options.Scenarios, _ => { }, Cancellation);
            Assert.Equal((accepted, rewards), (rebuilt.Accepted, rebuilt.RewardsJoined));
            return home.PolicyHash == rebuilt.PolicyHash ? null : "the learner is not what the journal says";
        });
    }

    private static string Event(string id, DateTimeOffset at)
        => $$"""{"id":"{{id}}","type":"view_item","user":"ann","time":"{{at.ToString("O", CultureInfo.InvariantCulture)}}","itemId":"z"}""";

    private async Task<(int Status, JsonNode Answer)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, global::System.Text.Encoding.UTF8, "application/json");
        var answer = await HttpAnswer.OfAsync(await _http.PostAsync(path, content, Cancellation));
        return (answer.Status, answer.Json);
    }
}
