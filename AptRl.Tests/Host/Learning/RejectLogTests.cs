using AptRl.Host.Telemetry;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Learning;

public sealed class RejectLogTests(HttpServer server) : IClassFixture<HttpServer>
{
    [Fact]
    public async Task What_was_rejected_can_be_read_with_its_reason_and_its_text()
    {
        await server.PostAsync("/v1/events", """{"id":"e","type":"wobble","user":"ann","time":"2026-03-01T11:00:00Z","itemId":"a"}""");
        await server.PostAsync("/v1/events", " ");

        var pipeline = (await server.GetAsync("/v1/pipeline")).Json;
        Assert.Equal(["empty_body 1", "unknown_type 1"], pipeline["rejects"]!.AsArray().Select(count => $"{count!["name"]} {count["count"]}"));
        var newest = pipeline["recentRejects"]!.AsArray();
        Assert.Equal(["empty_body", "unknown_type"], newest.Select(reject => (string)reject!["code"]!));
        Assert.Contains("wobble", (string)newest[1]!["text"]!, StringComparison.Ordinal);
        Assert.Contains("view_item", (string)newest[1]!["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_newest_hundred_are_kept_and_all_are_counted()
    {
        var log = new RejectLog(TimeProvider.System);
        for (var i = 0; i < 250; i++)
        {
            log.Add("bad_id", "why", i, null);
        }

        var (counts, newest) = log.Read(1_000);
        Assert.Equal(250, Assert.Single(counts).Value);
        Assert.Equal((100, 249L, 150L), (newest.Count, newest[0].Line!.Value, newest[^1].Line!.Value));
    }
}
