using System.Text.RegularExpressions;
using AptRl.Client;
using AptRl.Host.Hosting;
using Microsoft.AspNetCore.Builder;
using MyShop;
using Xunit;

namespace AptRl.Tests.Client;

/// <summary>The client against the whole server, actors and journal included, over a connection that breaks.</summary>
[Collection("Torch")]
public sealed partial class WholeServerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-client-");
    private readonly LosingHandler _way = new();
    private WebApplication _server = null!;
    private HttpClient _http = null!;
    private AptRlClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = AptRlHost.CreateBuilder(options => options with { Urls = "http://127.0.0.1:0", DataDir = _folder.FullName });
        AptRlHost.AddPersonalizer(builder);
        _server = await AptRlHost.StartAsync(builder, Cancellation);
        _http = new HttpClient(_way) { BaseAddress = new Uri(_server.Urls.First()) };
        _client = new AptRlClient(_http, new AptRlClientOptions { WaitFirst = TimeSpan.FromMilliseconds(5) });
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_the_server_did_before_its_answer_was_lost_counts_once()
    {
        Assert.Equal(3, await _client.UpsertAsync([new("a"), new("b"), new("sold-out", Available: false)], Cancellation));

        _way.AnswersToLose = 2;
        ShopEvent[] events = [.. Enumerable.Range(0, 5).Select(minute => Viewed("a", minute))];
        var results = await _client.SendAsync(events, Cancellation);
        Assert.Equal(events.Select(@event => (@event.Id, EventResult.Duplicate)), results.Select(result => (result.Id!, result.Status)));

        _way.AnswersToLose = 1;
        var page = new SlateRequest { User = "ann", Count = 2, Time = Noon.AddMinutes(6) };
        var slate = await _client.RecommendAsync(page, Cancellation);
        Assert.Equal(["a", "b"], slate.Items.Select(item => item.ItemId).Order());
        Assert.Equal(slate.RecommendationId, (await _client.RecommendAsync(page, Cancellation)).RecommendationId);

        _way.AnswersToLose = 1;
        var reward = new Reward { Type = EventTypes.SelectItem, Position = 1, Time = Noon.AddMinutes(7) };
        Assert.Equal(EventResult.Duplicate, (await _client.RewardAsync(slate.RecommendationId, reward, Cancellation)).Status);

        Assert.Equal(0, _way.AnswersToLose);
        var ann = await _client.UserAsync("ann", Cancellation);
        Assert.Equal((6, 1, 1), (ann!.Accepted, ann.Decisions, ann.RewardsJoined));
        var decision = await _client.DecisionAsync(slate.RecommendationId, Cancellation);
        Assert.Equal((slate.Items[1].ItemId, "click"), decision!.Rewards!.Select(earned => (earned.ItemId, earned.Type)).Single());
    }

    [Fact]
    public async Task A_sender_whose_every_other_answer_is_lost_delivers_each_event_once()
    {
        await using (var sender = _client.OpenSender(new EventSenderOptions { BatchMax = 7, AgeMax = TimeSpan.FromMilliseconds(5) }))
        {
            for (var minute = 0; minute < 60; minute++)
            {
                _way.AnswersToLose = minute % 20 == 10 ? 1 : _way.AnswersToLose;
                Assert.True(sender.TryPost(Viewed("a", minute)));
                if (minute % 10 == 0)
                {
                    await sender.FlushAsync(Cancellation);
                }
            }

            await sender.DisposeAsync();
            var counts = sender.Counts;
            Assert.Equal((60, 0, 60), (counts.Given, counts.Waiting, counts.Accepted + counts.Duplicate));
            Assert.InRange(counts.Duplicate, 1, 59);
        }

        Assert.Equal(60, (await _client.UserAsync("ann", Cancellation))!.Accepted);
    }

    [Fact]
    public async Task The_sample_shop_shows_a_slate_and_tells_what_came_of_it()
    {
        await using (var shop = await SmallShop.StartAsync("--urls", "http://127.0.0.1:0", "--AptRl", _server.Urls.First()))
        {
            using var browser = new HttpClient { BaseAddress = new Uri(shop.Urls.First()) };
            var links = Links().Matches(await browser.GetStringAsync("/?shopper=ann", Cancellation));
            Assert.Equal(3, links.Select(link => link.Groups[2].Value).Distinct().Count());

            await browser.GetStringAsync(links[1].Groups[1].Value, Cancellation);
            using var added = await browser.PostAsync($"/cart?shopper=ann&item={links[1].Groups[2].Value}", null, Cancellation);
            Assert.True(added.IsSuccessStatusCode);
            await shop.StopAsync(Cancellation);
        }

        // The page, the click on it, the cart, and the page that the shopper was led to after it.
        var ann = await _client.UserAsync("ann", Cancellation);
        Assert.Equal((2, 2, 2), (ann!.Accepted, ann.RewardsJoined, ann.Decisions));
    }

    private static ShopEvent Viewed(string item, int minute)
        => new() { Type = EventTypes.ViewItem, User = "ann", Time = Noon.AddMinutes(minute), Items = [item] };

    [GeneratedRegex("href='([^']*)'>([^<]*)<")]
    private static partial Regex Links();
}
