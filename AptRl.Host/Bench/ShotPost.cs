using System.Net;
using System.Net.Http.Headers;

namespace AptRl.Host.Bench;

/// <summary>Posts shots to a server as cheaply as HTTP allows, since the generator shares the machine.</summary>
internal sealed class ShotPost(Uri server) : IDisposable
{
    private const int ConnectionsMax = 128;
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = ConnectionsMax,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,

        // A traced activity for each request would be the generator's own cost.
        ActivityHeadersPropagator = null,
    });

    /// <summary>What is wrong with an answer; null where nothing is.</summary>
    public static string? FaultOf(string path, Shot shot, HttpStatusCode status, byte[] answer)
        => status is HttpStatusCode.OK ? shot.Fault(answer)
            : $"{path} was answered {(int)status}: {System.Text.Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 300)))}";

    public async Task<(HttpStatusCode Status, byte[] Answer)> SendAsync(string path, Shot shot, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path)) { Content = new ByteArrayContent(shot.Body) };
        request.Content.Headers.ContentType = JsonType;
        using var response = await _http.SendAsync(request, cancellation);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    public void Dispose() => _http.Dispose();
}
