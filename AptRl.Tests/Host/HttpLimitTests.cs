using System.IO.Compression;
using System.Text;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class HttpLimitTests
{
    private const string Event = """{"id":"e","type":"view_item","user":"ann","time":"2026-03-01T11:00:00Z","itemId":"a"}""";

    [Fact]
    public async Task Gzip_is_read_and_refused_where_it_is_cut_short_or_grows_beyond_the_bound()
    {
        await using var server = await HttpServer.StartAsync(options => options with { BodyBytesMax = 100_000 });
        var whole = Gzip(Event);

        var taken = await server.PostAsync("/v1/events", whole, encoding: "gzip");
        var cut = await server.PostAsync("/v1/events", whole[..(whole.Length / 2)], encoding: "gzip");
        var plain = await server.PostAsync("/v1/events", Encoding.UTF8.GetBytes(Event), encoding: "gzip");
        var brotli = await server.PostAsync("/v1/events", Brotli($"{Event}\n{Event}\n")[..^6], "application/x-ndjson", "br");
        var bomb = await server.PostAsync("/v1/events", Gzip(new string(' ', 10_000_000) + Event), encoding: "gzip");

        Assert.Equal((200, 1), (taken.Status, (int)taken.Json["accepted"]!));
        Assert.Equal((400, "bad_encoding"), (cut.Status, cut.Code));
        Assert.Equal((400, "bad_encoding"), (plain.Status, plain.Code));
        Assert.Equal((400, "bad_encoding"), (brotli.Status, brotli.Code));
        Assert.Equal((413, "body_too_large"), (bomb.Status, bomb.Code));
    }

    [Fact]
    public async Task A_batch_beyond_the_bound_is_refused_whole()
    {
        await using var server = await HttpServer.StartAsync(options => options with { BatchMax = 2 });

        var events = await server.PostAsync("/v1/events", $"[{Event},{Event},{Event}]");
        var lines = await server.PostAsync("/v1/events", $"{Event}\n{Event}\n{Event}", "application/x-ndjson");
        var items = await server.PostAsync("/v1/items", """{"items":[{"id":"a"},{"id":"b"},{"id":"c"}]}""");

        Assert.All(new[] { events, lines, items }, answer => Assert.Equal((413, "batch_too_large"), (answer.Status, answer.Code)));
        Assert.Empty(server.Personalizer.Seen);
        Assert.Equal(404, (await server.GetAsync("/v1/items/a")).Status);
    }

    [Fact]
    public async Task More_requests_at_once_than_allowed_are_told_to_come_back()
    {
        await using var server = await HttpServer.StartAsync(options => options with { RequestsInFlightMax = 1 });
        var gate = new TaskCompletionSource();
        server.Personalizer.Gate = gate.Task;

        var first = server.PostAsync("/v1/recommend", """{"user":"ann"}""");
        var second = server.PostAsync("/v1/recommend", """{"user":"bob"}""");
        var refused = await await Task.WhenAny(first, second);
        var health = await server.GetAsync("/health/ready");
        gate.SetResult();
        var served = await Task.WhenAll(first, second);

        Assert.Equal((429, "too_many_requests"), (refused.Status, refused.Code));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(200, health.Status);
        Assert.Equal([200, 429], served.Select(answer => answer.Status).Order());
    }

    [Fact]
    public async Task More_requests_a_second_than_allowed_are_told_to_come_back()
    {
        await using var server = await HttpServer.StartAsync(options => options with { RequestsPerSecondMax = 3 });
        var answers = new List<HttpAnswer>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await server.GetAsync("/v1/scenarios"));
        }

        var refused = answers.First(answer => answer.Status == 429);
        Assert.Equal(200, answers[2].Status);
        Assert.Equal("too_many_requests", refused.Code);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_busy_engine_is_told_so_that_the_caller_sends_again()
    {
        await using var server = await HttpServer.StartAsync(options => options);
        server.Personalizer.IsBusy = true;

        var slate = await server.PostAsync("/v1/recommend", """{"user":"ann"}""");
        var single = await server.PostAsync("/v1/events", Event);
        var batch = await server.PostAsync("/v1/events", $"[{Event},{Event}]");

        Assert.All(new[] { slate, single }, answer => Assert.Equal((503, "busy"), (answer.Status, answer.Code)));
        Assert.All(new[] { slate, single }, answer => Assert.NotNull(answer.Headers.RetryAfter));
        Assert.Equal((200, 2), (batch.Status, (int)batch.Json["busy"]!));
    }

    private static byte[] Brotli(string text)
    {
        using var memory = new MemoryStream();
        using (var brotli = new BrotliStream(memory, CompressionLevel.Fastest))
        {
            brotli.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }

    private static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }
}
