using System.CommandLine;
using AptRl.Host.Access;
using AptRl.Host.Commands;
using AptRl.Host.Configuration;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Access;

public sealed class ScopeTests : IDisposable
{
    private const string Event = """{"id":"e","type":"view_item","user":"ann","time":"2026-03-01T11:00:00Z","itemId":"a"}""";

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"keys-{Environment.ProcessId}-{nameof(ScopeTests)}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_key_does_what_its_scopes_say_and_nothing_else()
    {
        var (ingest, recommend, admin) = (await MakeAsync("collector", "ingest"), await MakeAsync("shop", "recommend"), await MakeAsync("operator", "admin"));
        await using var server = await HttpServer.StartAsync(options => options with { KeyFile = _file });

        foreach (var (key, statuses) in new[] { (ingest, (200, 403, 403)), (recommend, (403, 200, 403)), (admin, (200, 200, 200)) })
        {
            Assert.Equal(statuses, (
                (await SendAsync(server, HttpMethod.Post, "/v1/events", key, Event)).Status,
                (await SendAsync(server, HttpMethod.Post, "/v1/recommend", key, """{"user":"ann"}""")).Status,
                (await SendAsync(server, HttpMethod.Get, "/v1/scenarios", key)).Status));
            Assert.Equal(200, (await SendAsync(server, HttpMethod.Get, "/v1/about", key)).Status);
            Assert.Equal(404, (await SendAsync(server, HttpMethod.Get, "/v1/nothing", key)).Status);
        }

        var refused = await SendAsync(server, HttpMethod.Delete, "/v1/users/ann", recommend);
        Assert.Equal("scope_needed", refused.Code);
        Assert.Contains("'shop' has scope recommend", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(recommend, refused.Text, StringComparison.Ordinal);
        Assert.Equal("api_key_needed", (await SendAsync(server, HttpMethod.Get, "/v1/about", admin[..^1])).Code);
        Assert.Equal("api_key_needed", (await SendAsync(server, HttpMethod.Get, "/v1/about", key: null)).Code);
    }

    [Fact]
    public async Task A_key_file_holds_no_key_and_a_key_of_the_same_name_takes_the_others_place()
    {
        var first = await MakeAsync("shop", "ingest");
        var second = await MakeAsync("shop", "ingest", "recommend");

        var text = await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(first, text, StringComparison.Ordinal);
        Assert.DoesNotContain(second, text, StringComparison.Ordinal);
        var key = Assert.Single(KeyFile.Read(_file));
        Assert.Equal(("shop", Scopes.Ingest | Scopes.Recommend), (key.Name, key.Scopes));
        Assert.Equal(ApiKey.HashOf(second), key.Hash);
    }

    [Theory]
    [InlineData("""{"keys":[]}""", "no key")]
    [InlineData("""{"keys":[{"name":"a","scopes":["root"],"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}]}""", "'root'")]
    [InlineData("""{"keys":[{"name":"a","scopes":["admin"],"sha256":"abc"}]}""", "64 hexadecimal")]
    [InlineData("nonsense", "key file")]
    public void A_key_file_that_makes_no_sense_is_refused_at_the_start(string text, string told)
    {
        File.WriteAllText(_file, text);
        var error = Assert.Throws<UserErrorException>((new ServeOptions() with { KeyFile = _file }).Checked);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    private async Task<string> MakeAsync(string name, params string[] scopes)
    {
        var output = new StringWriter();
        Assert.Equal(Cli.Done, await Cli.RunAsync(
            new RootCommand { KeyCommand.Create() },
            ["key", "--file", _file, "--name", name, .. scopes.SelectMany(scope => new[] { "--scope", scope })],
            new InvocationConfiguration { Output = output, Error = output }));
        return output.ToString().Trim();
    }

    private static async Task<HttpAnswer> SendAsync(HttpServer server, HttpMethod method, string path, string? key, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        return await HttpAnswer.OfAsync(await server.Client.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
