using System.Net;
using System.Net.Sockets;
using AptRl.Host.Dashboard;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Access;

public sealed class BrowserGuardTests(HttpServer server) : IClassFixture<HttpServer>
{
    [Fact]
    public async Task The_dashboard_needs_no_key_allows_no_script_but_its_own_and_weighs_less_than_half_a_megabyte()
    {
        await using var locked = await HttpServer.StartAsync(options => options with { ApiKey = "0123456789abcdef" });
        var weight = 0L;
        foreach (var path in DashboardFiles.Names.Select(name => $"/assets/{name}").Append("/"))
        {
            using var answer = await locked.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            weight += (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
        }

        Assert.InRange(weight, 50_000, 500_000);
        Assert.Equal(404, (await locked.GetAsync("/assets/nothing.js")).Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("User-Agent", "curl", 200)]
    public async Task A_page_of_another_site_cannot_change_anything(string header, string value, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/recommend");
        request.Headers.TryAddWithoutValidation(header, value);
        request.Content = new StringContent("""{"user":"ann"}""", System.Text.Encoding.UTF8, "application/json");
        var answer = await HttpAnswer.OfAsync(await server.Client.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_forged_host_is_refused_on_the_dashboard_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "evil.example";
        Assert.Equal(400, (await HttpAnswer.OfAsync(await server.Client.SendAsync(request, TestContext.Current.CancellationToken))).Status);
    }

    [Fact]
    public async Task A_search_for_a_megabyte_is_refused_and_not_sent_back()
    {
        var search = new string('x', 1_000_000);
        using var answer = await server.Client.GetAsync($"/v1/users?search={search[..60_000]}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, answer.StatusCode);

        // A whole megabyte is more than a client's library will send: by hand, then.
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var wire = socket.GetStream();
        try
        {
            await wire.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /v1/users?search={search} HTTP/1.1\r\nHost: localhost\r\n\r\n"), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It need not have read all of it before it hung up.
        }

        var status = new byte[12];
        var read = await wire.ReadAtLeastAsync(status, status.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 414", System.Text.Encoding.ASCII.GetString(status, 0, read));

        var thousand = await server.GetAsync($"/v1/users?search={search[..1_000]}");
        Assert.Equal((422, "bad_search"), (thousand.Status, thousand.Code));
        Assert.InRange(thousand.Text.Length, 1, 1_000);

        using var content = new StringContent($$"""{"user":"{{search}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}""", System.Text.Encoding.UTF8, "application/json");
        var body = await HttpAnswer.OfAsync(await server.Client.PostAsync("/v1/recommend", content, TestContext.Current.CancellationToken));
        Assert.Equal((422, "bad_id"), (body.Status, body.Code));
        Assert.InRange(body.Text.Length, 1, 1_000);
    }
}
