using AptRl.Host.Commands;
using AptRl.Host.Configuration;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class ApiKeyTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080;http://[::1]:5081", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://+:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://shop.example:5080", false)]
    [InlineData("http://127.0.0.1:5080;http://10.0.0.5:5080", false)]
    public void A_server_that_others_can_reach_needs_a_key(string urls, bool withoutKey)
    {
        var options = new ServeOptions { Urls = urls };
        Assert.Equal(withoutKey, options.IsLoopback);
        if (!withoutKey)
        {
            var error = Assert.Throws<UserErrorException>(options.Checked);
            Assert.Contains("--api-key-file", error.Message, StringComparison.Ordinal);
            Assert.Equal(2, error.ExitCode);
        }

        Assert.Same(Key, (options with { ApiKey = Key }).Checked().ApiKey);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://127.0.0.1:5080/path")]
    public void An_address_that_is_none_is_refused(string urls)
        => Assert.Throws<UserErrorException>(new ServeOptions { Urls = urls }.Checked);

    [Fact]
    public void A_short_key_is_refused()
        => Assert.Contains("openssl", Assert.Throws<UserErrorException>(new ServeOptions { ApiKey = "secret" }.Checked).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Only_health_is_open_without_the_key()
    {
        await using var server = await HttpServer.StartAsync(options => options with { ApiKey = Key });

        foreach (var path in new[] { "/v1/scenarios", "/v1/users/ann", "/v1/stream", "/metrics", "/openapi/v1.json", "/v1/nothing" })
        {
            var refused = await server.GetAsync(path);
            Assert.Equal((401, "api_key_needed"), (refused.Status, refused.Code));
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        }

        Assert.Equal(200, (await server.GetAsync("/health/ready")).Status);
        Assert.Equal(200, await StatusWith("Authorization", $"Bearer {Key}"));
        Assert.Equal(200, await StatusWith("X-Api-Key", Key));
        Assert.Equal(401, await StatusWith("X-Api-Key", Key[..^1]));
        Assert.Equal(401, await StatusWith("Authorization", $"Basic {Key}"));

        async Task<int> StatusWith(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/scenarios");
            request.Headers.TryAddWithoutValidation(header, value);
            return (await HttpAnswer.OfAsync(await server.Client.SendAsync(request, TestContext.Current.CancellationToken))).Status;
        }
    }

    [Fact]
    public async Task Without_a_key_a_foreign_host_name_is_refused()
    {
        await using var server = await HttpServer.StartAsync(options => options);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/scenarios");
        request.Headers.Host = "evil.example";
        Assert.Equal(400, (await HttpAnswer.OfAsync(await server.Client.SendAsync(request, TestContext.Current.CancellationToken))).Status);
    }
}
