using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AptRl.Tests.Host.Telemetry;

/// <summary>An OTLP collector on a free port of loopback that keeps what it gets, as it came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _got = new();

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (HttpContext http, string signal) =>
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _got.GetOrAdd(signal, _ => new()).Enqueue(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
    }

    public string Url => _app.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Whether one message of a signal holds all of these bytes.</summary>
    public bool Holds(string signal, params byte[][] all)
        => _got.TryGetValue(signal, out var messages) && messages.Any(message => all.All(part => message.AsSpan().IndexOf(part) >= 0));

    public bool Holds(string signal, params string[] all) => Holds(signal, [.. all.Select(Encoding.UTF8.GetBytes)]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
