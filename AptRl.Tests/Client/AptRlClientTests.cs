using System.Diagnostics;
using System.Net;
using AptRl.Client;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Client;

public sealed class AptRlClientTests : IAsyncLifetime
{
    private readonly LosingHandler _way = new();
    private readonly HttpServer _server = new(options => options with { ApiKey = Key });
    private HttpClient _http = null!;

    private const string Key = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _http = new HttpClient(_way) { BaseAddress = _server.Client.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_refusal_is_one_exception_with_the_servers_code_and_way_out_and_is_not_tried_again()
    {
        var refused = await Assert.ThrowsAsync<AptRlException>(
            () => Client().RecommendAsync(new SlateRequest { User = "ann", Scenario = "cellar" }, Cancellation));
        Assert.Equal((HttpStatusCode.NotFound, "unknown_scenario", false), (refused.Status, refused.Code, refused.IsTransient));
        Assert.Contains("use home", refused.Message, StringComparison.Ordinal);

        var locked = await Assert.ThrowsAsync<AptRlException>(() => Client(key: "wrong").ItemAsync("a", Cancellation));
        Assert.Equal((HttpStatusCode.Unauthorized, "api_key_needed"), (locked.Status, locked.Code));
        Assert.Equal(2, _way.Attempts);
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_ids_may_hold_anything()
    {
        var client = Client();
        Assert.Null(await client.ItemAsync("nothing", Cancellation));
        Assert.Null(await client.UserAsync("nobody", Cancellation));
        Assert.Null(await client.DecisionAsync("nothing", Cancellation));
        Assert.False(await client.DeleteUserAsync("nobody", Cancellation));

        await client.UpsertAsync([new("shoes/left & right?", Categories: ["shoes"], Price: 3)], Cancellation);
        Assert.Equal(3, (await client.ItemAsync("shoes/left & right?", Cancellation))!.Price);
    }

    [Fact]
    public async Task The_wait_that_the_server_asks_for_is_kept()
    {
        _way.Instead.Enqueue(LosingHandler.Busy(HttpStatusCode.TooManyRequests, 1));
        _way.Instead.Enqueue(LosingHandler.Busy(HttpStatusCode.ServiceUnavailable, 0));
        var since = Stopwatch.StartNew();

        Assert.Null(await Client().ItemAsync("a", Cancellation));
        Assert.InRange(since.Elapsed.TotalSeconds, 1, 10);
        Assert.Equal(3, _way.Attempts);
    }

    [Fact]
    public async Task A_longer_wait_than_the_caller_has_fails_at_once_and_says_how_long()
    {
        _way.Instead.Enqueue(LosingHandler.Busy(HttpStatusCode.ServiceUnavailable, 3_600));
        var busy = await Assert.ThrowsAsync<AptRlException>(() => Client().ItemAsync("a", Cancellation));
        Assert.Equal((TimeSpan.FromHours(1), true, 1), (busy.RetryAfter, busy.IsTransient, _way.Attempts));
    }

    [Fact]
    public async Task A_server_that_is_away_is_asked_as_often_as_allowed_and_then_told_of()
    {
        _way.IsAway = true;
        var away = await Assert.ThrowsAsync<AptRlException>(() => Client().RecommendAsync(new SlateRequest { User = "ann" }, Cancellation));
        Assert.Equal((null, "no_answer", 3), (away.Status, away.Code, _way.Attempts));
        Assert.Contains("aptrl serve", away.Message, StringComparison.Ordinal);

        // Silence is the same as being away.
        (_way.IsAway, _way.Gate) = (false, Task.Delay(Timeout.Infinite, Cancellation));
        var silent = await Assert.ThrowsAsync<AptRlException>(() => Client(timeout: 100).ItemAsync("a", Cancellation));
        Assert.Equal(("no_answer", 6), (silent.Code, _way.Attempts));
    }

    [Fact]
    public async Task Of_a_batch_the_busy_events_are_sent_again_and_the_others_are_not()
    {
        _server.Personalizer.IsBusy = true;
        ShopEvent[] events = [Viewed("a"), Viewed("b") with { Type = "wobble" }];
        var results = await Client().SendAsync(events, Cancellation);
        Assert.Equal([EventResult.Busy, EventResult.Rejected], results.Select(result => result.Status));
        Assert.Equal("unknown_type", results[1].Code);
        Assert.Equal(3, _server.Personalizer.Seen.Count);

        _server.Personalizer.IsBusy = false;
        Assert.Equal([EventResult.Accepted], (await Client().SendAsync([events[0]], Cancellation)).Select(result => result.Status));
    }

    [Fact]
    public void Every_event_and_every_page_view_has_an_id_of_its_own_that_copies_of_it_keep()
    {
        var (first, second) = (Viewed("a"), Viewed("a"));
        Assert.NotEqual(first.Id, second.Id);
        Assert.True(string.CompareOrdinal(first.Id, second.Id) < 0 || Guid.ParseExact(second.Id, "N").Version == 7);
        Assert.Equal(7, Guid.ParseExact(first.Id, "N").Version);
        Assert.Equal(first.Id, (first with { Value = 3 }).Id);
        Assert.NotEqual(new SlateRequest { User = "ann" }.RequestId, new SlateRequest { User = "ann" }.RequestId);
    }

    private static ShopEvent Viewed(string item)
        => new() { Type = EventTypes.ViewItem, User = "ann", Time = HttpServer.Now, Items = [item] };

    private AptRlClient Client(string key = Key, int timeout = 15_000) => new(_http, new AptRlClientOptions
    {
        ApiKey = key, RetriesMax = 2, WaitFirst = TimeSpan.FromMilliseconds(5), AttemptTimeout = TimeSpan.FromMilliseconds(timeout),
    });
}
