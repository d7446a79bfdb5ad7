using System.Net.Sockets;
using System.Text;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class HttpRefusalTests(HttpServer server) : IClassFixture<HttpServer>
{
    private static readonly string TenThousand = new('x', 10_000);

    [Theory]
    [InlineData("""{"user":"ann",""", 400, "malformed_json")]
    [InlineData("null", 400, "malformed_json")]
    [InlineData("[]", 400, "malformed_json")]
    [InlineData("", 400, "malformed_json")]
    [InlineData("""{"user":7}""", 400, "malformed_json")]
    [InlineData("""{"user":"ann","n":NaN}""", 400, "malformed_json")]
    [InlineData("""{"user":"ann","exlude":["a"]}""", 400, "malformed_json")]
    [InlineData("""{"user":"ann","user":"bob"}""", 400, "malformed_json")]
    [InlineData("""{"user":"ann","time":"2026-03-01T12:00:00"}""", 400, "malformed_json")]
    [InlineData("""{}""", 422, "missing_user")]
    [InlineData("""{"user":" "}""", 422, "bad_id")]
    [InlineData("""{"user":"a\u0000b"}""", 422, "bad_id")]
    [InlineData("""{"user":"ann","exclude":[""]}""", 422, "bad_id")]
    [InlineData("""{"user":"ann","n":0}""", 422, "invalid_request")]
    [InlineData("""{"user":"ann","n":21}""", 422, "invalid_request")]
    [InlineData("""{"user":"ann","scenario":"moon"}""", 404, "unknown_scenario")]
    [InlineData("""{"user":"ann","time":"2026-03-01T12:05:01Z"}""", 422, "time_in_future")]
    public async Task A_request_for_a_slate_that_makes_no_sense_is_refused(string body, int status, string code)
    {
        var answer = await server.PostAsync("/v1/recommend", body);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Malformed_json_is_refused_with_its_place_and_without_our_types()
    {
        var answer = await server.PostAsync("/v1/recommend", "{\"user\":\"ann\",\n \"exlude\":[\"a\"]}");
        Assert.StartsWith("line 2, byte ", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Contains("$.exlude", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("AptRl.Host", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"view_item",""", 400, "malformed_json")]
    [InlineData(" ", 400, "empty_body")]
    [InlineData("""{"type":"wobble","user":"ann","time":"2026-03-01T11:00:00Z","itemId":"a"}""", 422, "unknown_type")]
    [InlineData("""{"type":"view_item","time":"2026-03-01T11:00:00Z","itemId":"a"}""", 422, "missing_user")]
    [InlineData("""{"type":"view_item","user":"ann","time":"2036-03-01T11:00:00Z","itemId":"a"}""", 422, "time_in_future")]
    [InlineData("""{"type":"purchase","user":"ann","time":"2026-03-01T11:00:00Z","itemId":"a","value":"NaN"}""", 422, "bad_value")]
    [InlineData("""{"type":"purchase","user":"ann","time":"2026-03-01T11:00:00Z","itemId":"a","value":NaN}""", 400, "malformed_json")]
    public async Task A_single_event_that_cannot_be_kept_is_refused(string body, int status, string code)
    {
        var answer = await server.PostAsync("/v1/events", body);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task An_id_of_ten_thousand_characters_is_refused_everywhere_and_not_sent_back()
    {
        var answers = new[]
        {
            await server.PostAsync("/v1/events", $$"""{"id":"{{TenThousand}}","type":"view_item","user":"ann","time":"2026-03-01T11:00:00Z","itemId":"a"}"""),
            await server.PostAsync("/v1/recommend", $$"""{"user":"{{TenThousand}}"}"""),
            await server.PostAsync("/v1/items", $$"""{"items":[{"id":"a"},{"id":"{{TenThousand}}"}]}"""),
            await server.GetAsync($"/v1/users/{TenThousand[..5_000]}"),
            await server.GetAsync($"/v1/recommendations/{TenThousand[..5_000]}"),
        };

        Assert.Equal([422, 422, 422, 422, 404], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.InRange(answer.Text.Length, 1, 1_000));
        Assert.Contains("items[1]", answers[2].Text, StringComparison.Ordinal);
        Assert.Equal(404, (await server.GetAsync("/v1/items/only-in-a-refused-batch")).Status);
    }

    [Fact]
    public async Task A_batch_answers_each_event_and_keeps_the_good_ones()
    {
        var answer = await server.PostAsync("/v1/events", """
            {"id":"g1","type":"view_item","user":"gus","time":"2026-03-01T11:00:00Z","itemId":"a"}
            {"id":"g2","type":"view_item","us

            {"id":"g3","type":"view_item","user":"gus","time":"2026-03-01T11:00:01Z","itemId":"a"}
            """, "application/x-ndjson");

        Assert.Equal((200, 2, 1), (answer.Status, (int)answer.Json["accepted"]!, (int)answer.Json["rejected"]!));
        var bad = answer.Json["results"]![1]!;
        Assert.Equal((2, "malformed_json"), ((int)bad["line"]!, (string)bad["code"]!));
    }

    [Theory]
    [InlineData("""{"itemId":"a"}""", "missing_type")]
    [InlineData("""{"type":"search","itemId":"a"}""", "unknown_type")]
    [InlineData("""{"type":"click"}""", "missing_item")]
    [InlineData("""{"type":"click","itemId":"not-shown"}""", "not_in_slate")]
    [InlineData("""{"type":"click","position":2}""", "not_in_slate")]
    [InlineData("""{"type":"click","position":-1}""", "not_in_slate")]
    [InlineData("""{"type":"click","itemId":"a","position":1}""", "not_in_slate")]
    [InlineData("""{"type":"click","itemId":"a","time":"2026-03-02T12:00:00Z"}""", "time_in_future")]
    public async Task A_reward_for_what_was_not_shown_is_refused(string body, string code)
    {
        var slate = await server.PostAsync("/v1/rank", """{"user":"hal","requestId":"r","candidates":["a","b"]}""");
        var answer = await server.PostAsync($"/v1/recommendations/{slate.Json["recommendationId"]}/reward", body);
        Assert.Equal((422, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task What_is_not_there_is_refused_with_the_way_out()
    {
        Assert.Equal((404, "unknown_route"), Of(await server.GetAsync("/v1/nothing")));
        Assert.Equal((404, "unknown_user"), Of(await server.GetAsync("/v1/users/nobody")));
        Assert.Equal((404, "unknown_user"), Of(await server.GetAsync("/v1/users/nobody/window")));
        Assert.Equal((404, "unknown_user"), Of(await server.GetAsync("/v1/users/nobody/export")));
        Assert.Equal((404, "unknown_item"), Of(await server.GetAsync("/v1/items/nothing")));
        Assert.Equal((404, "unknown_recommendation"), Of(await server.GetAsync("/v1/recommendations/YW5u.0123456789abcdef")));
        Assert.Equal((404, "unknown_recommendation"), Of(await server.PostAsync("/v1/recommendations/nonsense/reward", """{"type":"click","position":0}""")));
        Assert.Equal((422, "missing_candidates"), Of(await server.PostAsync("/v1/rank", """{"user":"ann","candidates":[]}""")));
        Assert.Equal((422, "missing_items"), Of(await server.PostAsync("/v1/items", "{}")));

        var wrongMethod = await server.GetAsync("/v1/recommend");
        Assert.Equal((405, "wrong_method"), Of(wrongMethod));
        Assert.Contains("POST", (string)wrongMethod.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal((415, "wrong_content_type"), Of(await server.PostAsync("/v1/events", "type=view", "application/x-www-form-urlencoded")));
        Assert.Equal((415, "wrong_content_type"), Of(await server.PostAsync("/v1/recommend", "{}", "text/plain")));
        Assert.Equal((415, "wrong_content_encoding"), Of(await server.PostAsync("/v1/recommend", "{}", encoding: "snappy")));

        static (int Status, string Code) Of(HttpAnswer answer) => (answer.Status, answer.Code);
    }

    [Fact]
    public async Task A_failure_of_the_server_shows_no_stack_and_the_server_lives()
    {
        server.Personalizer.Fault = new InvalidOperationException("secret of the inside");
        var answer = await server.PostAsync("/v1/recommend", """{"user":"ivy"}""");
        server.Personalizer.Fault = new TimeoutException("secret of the inside");
        var late = await server.PostAsync("/v1/recommend", """{"user":"ivy"}""");
        server.Personalizer.Fault = null;

        Assert.Equal((500, "internal"), (answer.Status, answer.Code));
        Assert.Equal((503, "busy"), (late.Status, late.Code));
        Assert.DoesNotContain("secret", answer.Text + late.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await server.PostAsync("/v1/recommend", """{"user":"ivy"}""")).Status);
    }

    [Theory]
    [InlineData("Content-Length: 104857600")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_of_100_MB_is_refused_without_being_read(string framing)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var socket = new TcpClient(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"), cancellation);

        var sending = SendAsync(stream, framing.StartsWith("Transfer", StringComparison.Ordinal), cancellation);
        var head = new byte[64];
        var read = await stream.ReadAtLeastAsync(head, 12, cancellationToken: cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(5), cancellation);
        socket.Close();
        var sent = await sending;

        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(head, 0, read), StringComparison.Ordinal);
        Assert.InRange(sent, 0, 60_000_000);
        Assert.Equal(200, (await server.GetAsync("/health/live")).Status);
    }

    private static async Task<long> SendAsync(NetworkStream stream, bool chunked, CancellationToken cancellation)
    {
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)' ');
        var sent = 0L;
        try
        {
            while (sent < 104_857_600)
            {
                await stream.WriteAsync(chunked ? [.. "10000\r\n"u8, .. block, .. "\r\n"u8] : block, cancellation);
                sent += block.Length;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The server, or this test after the answer, has closed the connection: that is the point.
        }

        return sent;
    }
}
