using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Host.Configuration;
using AptRl.Host.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptRl.Tests.Support;

/// <summary>The real server on a free port of loopback, over an <see cref="InMemoryPersonalizer"/>; its clock stands still.</summary>
public sealed class HttpServer : IAsyncLifetime
{
    private readonly Func<ServeOptions, ServeOptions> _options;
    private readonly ActorSystem _system = ActorSystem.Create("http");
    private WebApplication? _app;

    public HttpServer()
        : this(options => options)
    {
    }

    internal HttpServer(Func<ServeOptions, ServeOptions> options) => _options = options;

    /// <summary>What the server takes for now.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(20) };

    internal InMemoryPersonalizer Personalizer { get; } = new();

    internal IServiceProvider Services => _app!.Services;

    internal static async Task<HttpServer> StartAsync(Func<ServeOptions, ServeOptions> options)
    {
        var server = new HttpServer(options);
        await server.InitializeAsync();
        return server;
    }

    public async ValueTask InitializeAsync()
    {
        var builder = AptRlHost.CreateBuilder(configured => _options(configured with { Urls = "http://127.0.0.1:0" }));
        builder.Services.AddSingleton<IPersonalizer>(Personalizer);
        builder.Services.AddSingleton(_system);
        builder.Services.AddSingleton<IDecisionLogs>(new DecisionLogDouble());
        builder.Services.AddSingleton<TimeProvider>(new StillClock());
        _app = AptRlHost.Build(builder);
        await _app.StartAsync();
        Client.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
        {
            await StopAsync();
            await _app.DisposeAsync();
        }

        await _system.Terminate();
    }

    internal Task StopAsync() => _app!.StopAsync();

    internal async Task<HttpAnswer> GetAsync(string path)
        => await HttpAnswer.OfAsync(await Client.GetAsync(path, TestContext.Current.CancellationToken));

    internal Task<HttpAnswer> PostAsync(string path, string body, string contentType = "application/json", string? encoding = null)
        => PostAsync(path, Encoding.UTF8.GetBytes(body), contentType, encoding);

    internal async Task<HttpAnswer> PostAsync(string path, byte[] body, string contentType = "application/json", string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return await HttpAnswer.OfAsync(await Client.PostAsync(path, content, TestContext.Current.CancellationToken));
    }

    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

/// <summary>A response, read to its end.</summary>
internal sealed record HttpAnswer(int Status, string Text, string? ContentType, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The code of problem details, after checking that it is what they are.</summary>
    public string Code
    {
        get
        {
            Assert.Equal("application/problem+json", ContentType);
            Assert.Equal(Status, (int)Json["status"]!);
            Assert.NotEmpty((string)Json["detail"]!);
            return (string)Json["code"]!;
        }
    }

    public static async Task<HttpAnswer> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new HttpAnswer(
                (int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Content.Headers.ContentType?.MediaType, response.Headers);
        }
    }
}
