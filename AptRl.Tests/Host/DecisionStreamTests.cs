using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class DecisionStreamTests
{
    [Fact]
    public async Task A_reader_sees_the_decisions_made_after_it_came_in_order()
    {
        await using var server = await HttpServer.StartAsync(options => options);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(20));
        await using var stream = await server.Client.GetStreamAsync("/v1/stream?scenario=home", bound.Token);
        await using var reader = SseParser.Create(stream).EnumerateAsync(bound.Token).GetAsyncEnumerator(bound.Token);

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal("open", reader.Current.EventType);

        var ids = new List<string>();
        foreach (var user in new[] { "ann", "bob" })
        {
            ids.Add((string)(await server.PostAsync("/v1/rank", $$"""{"user":"{{user}}","candidates":["a"]}""")).Json["recommendationId"]!);
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal(("decision", ids[^1]), (reader.Current.EventType, reader.Current.EventId));
            Assert.Equal(user, (string)JsonNode.Parse(reader.Current.Data)!["user"]!);
        }
    }

    [Fact]
    public async Task A_stream_beyond_the_bound_is_refused_and_an_open_one_does_not_hold_up_the_stop()
    {
        var server = await HttpServer.StartAsync(options => options with { StreamsMax = 1 });
        await using var stream = await server.Client.GetStreamAsync("/v1/stream", TestContext.Current.CancellationToken);
        var refused = await server.GetAsync("/v1/stream");
        Assert.Equal((429, "too_many_requests"), (refused.Status, refused.Code));

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await server.DisposeAsync();
    }
}
