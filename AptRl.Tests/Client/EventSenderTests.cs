using System.Collections.Concurrent;
using AptRl.Client;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Client;

public sealed class EventSenderTests : IAsyncLifetime
{
    private readonly LosingHandler _way = new();
    private readonly HttpServer _server = new(options => options with { BatchMax = 4 });
    private readonly ConcurrentQueue<(string Item, EventResult Result)> _notKept = new();
    private HttpClient _http = null!;

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
    public async Task A_full_batch_goes_at_once_and_the_rest_when_it_is_old_enough()
    {
        await using var sender = Sender(batchMax: 4, age: TimeSpan.FromMilliseconds(200));
        var answers = Enumerable.Range(0, 6).Select(number => sender.SendAsync(Viewed($"{number}"), Cancellation)).ToArray();
        await Task.WhenAll(answers[..4]);
        Assert.Equal((4, 2, 1), (sender.Counts.Accepted, sender.Counts.Waiting, _way.Attempts));
        await Task.WhenAll(answers);
        Assert.Equal((6, 0, 2), (sender.Counts.Accepted, sender.Counts.Waiting, _way.Attempts));
        Assert.Equal(["0", "1", "2", "3", "4", "5"], _server.Personalizer.Seen.Select(seen => seen.Items[0].Value));
    }

    [Fact]
    public async Task Nothing_is_said_to_be_kept_before_the_server_has_said_so()
    {
        var gate = new TaskCompletionSource();
        _way.Gate = gate.Task;
        await using var sender = Sender(batchMax: 1);
        var answer = sender.SendAsync(Viewed("a"), Cancellation);
        await WaitFor(() => _way.Attempts == 1);
        Assert.False(answer.IsCompleted);
        Assert.Equal((1, 1, 0), (sender.Counts.Given, sender.Counts.Waiting, sender.Counts.Accepted));

        gate.SetResult();
        Assert.Equal(EventResult.Accepted, (await answer).Status);
        Assert.Equal((0, 1), (sender.Counts.Waiting, sender.Counts.Accepted));
    }

    [Fact]
    public async Task While_the_server_is_away_the_queue_fills_refuses_and_counts_and_then_everything_in_it_arrives()
    {
        _way.IsAway = true;
        await using var sender = Sender(batchMax: 2, waitingMax: 5);
        Assert.True(sender.TryPost(Viewed("0")));
        Assert.True(sender.TryPost(Viewed("1")));
        await WaitFor(() => _way.Attempts >= 2);

        // Two are under way, five may wait; one more waits for its place and is not refused.
        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(2, 6).Select(number => sender.TryPost(Viewed($"{number}"))));
        var patient = sender.SendAsync(Viewed("patient"), Cancellation);
        Assert.Equal((1, 0), (sender.Counts.Full, sender.Counts.Accepted));

        _way.IsAway = false;
        Assert.Equal(EventResult.Accepted, (await patient).Status);
        await sender.FlushAsync(Cancellation);
        Assert.Equal(new EventSenderCounts(Given: 8, Waiting: 0, Accepted: 8, Duplicate: 0, Late: 0, Rejected: 0, GivenUp: 0, Full: 1), sender.Counts);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "patient"], _server.Personalizer.Seen.Select(seen => seen.Items[0].Value));
    }

    [Fact]
    public async Task A_batch_that_is_too_large_for_the_server_is_halved_and_one_bad_event_spoils_no_other()
    {
        await using var sender = Sender(batchMax: 10);
        for (var number = 0; number < 10; number++)
        {
            sender.TryPost(Viewed($"{number}") with { Type = number == 6 ? "wobble" : EventTypes.ViewItem });
        }

        await sender.FlushAsync(Cancellation);
        Assert.Equal((9, 1), (sender.Counts.Accepted, sender.Counts.Rejected));
        var (item, result) = Assert.Single(_notKept);
        Assert.Equal(("6", "unknown_type"), (item, result.Code));
    }

    [Fact]
    public async Task Closing_sends_what_waits_and_takes_nothing_more()
    {
        var sender = Sender(batchMax: 100, age: TimeSpan.FromMinutes(1));
        Assert.True(sender.TryPost(Viewed("a")));
        await sender.DisposeAsync();
        await sender.DisposeAsync();

        Assert.Equal((1, 1), (sender.Counts.Accepted, _server.Personalizer.Seen.Count));
        Assert.False(sender.TryPost(Viewed("b")));
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => sender.SendAsync(Viewed("b"), Cancellation));
    }

    [Fact]
    public async Task What_could_not_be_sent_until_the_end_is_given_up_and_told_of()
    {
        _way.IsAway = true;
        var sender = Sender(batchMax: 1, close: TimeSpan.FromMilliseconds(50));
        sender.TryPost(Viewed("a"));
        var waited = sender.SendAsync(Viewed("b"), Cancellation);
        await sender.DisposeAsync();

        Assert.Equal("given_up", (await Assert.ThrowsAsync<AptRlException>(() => waited)).Code);
        Assert.Equal((2, 0, 2), (sender.Counts.Given, sender.Counts.Waiting, sender.Counts.GivenUp));
        Assert.Equal([("a", "given_up"), ("b", "given_up")], _notKept.Select(told => (told.Item, told.Result.Code!)));
    }

    private static ShopEvent Viewed(string item)
        => new() { Type = EventTypes.ViewItem, User = "ann", Time = HttpServer.Now, Items = [item] };

    private static async Task WaitFor(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 1_000, "it did not happen within 10 s");
            await Task.Delay(10, Cancellation);
        }
    }

    private EventSender Sender(int batchMax, TimeSpan? age = null, int waitingMax = 100, TimeSpan? close = null)
        => new AptRlClient(_http, new AptRlClientOptions { WaitFirst = TimeSpan.FromMilliseconds(5), WaitMax = TimeSpan.FromMilliseconds(20) })
            .OpenSender(new EventSenderOptions
            {
                BatchMax = batchMax,
                AgeMax = age ?? TimeSpan.FromMilliseconds(5),
                WaitingMax = waitingMax,
                CloseTimeout = close ?? TimeSpan.FromSeconds(10),
                NotKept = (@event, result) => _notKept.Enqueue((@event.Items[0], result)),
            });
}
