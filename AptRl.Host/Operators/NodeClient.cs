using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Host.Commands;

namespace AptRl.Host.Operators;

/// <summary>Asks a running node over HTTP; what goes wrong is an error that tells the way out.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly HttpClient _http;

    public NodeClient(Uri url, string? key)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="UserErrorException">The node does not answer, or refuses.</exception>
    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellation) => JsonNode.Parse(await SendAsync(HttpMethod.Get, path, cancellation))!;

    /// <summary>The text of an answer that is not one JSON value.</summary>
    public Task<string> TextAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, cancellation);

    public Task DeleteAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, path, cancellation);

    private async Task<string> SendAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await _http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? text : throw new UserErrorException(DetailOf(text) ?? $"{_http.BaseAddress} answered {(int)answer.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new UserErrorException($"no node answers at {_http.BaseAddress}: {error.Message} Start one with 'aptrl serve', or name another with --url.");
        }
    }

    private static string? DetailOf(string text)
    {
        try
        {
            return (string?)JsonNode.Parse(text)?["detail"];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
