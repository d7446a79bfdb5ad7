using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Host.Commands;
using AptRl.Host.Http;

namespace AptRl.Host.Operators;

/// <summary>Asks a running node over HTTP; what goes wrong is an error that tells the way out.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly HttpClient _http;

    public NodeClient(Uri url, string? key)
    {
        // A tail has no end; connecting has one.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The commands that the node knows.</summary>
    /// <exception cref="UserErrorException">The node does not answer, or refuses.</exception>
    public async Task<IReadOnlyList<KnownCommand>> CommandsAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, Consoles.Route), patience.Token);
        return KnownCommand.Read(JsonNode.Parse(await answer.Content.ReadAsStringAsync(patience.Token)));
    }

    /// <summary>Has a command carried out; gives each answer as it comes.</summary>
    /// <exception cref="UserErrorException">The node does not answer, or refuses.</exception>
    public async IAsyncEnumerable<JsonObject> RunAsync(IReadOnlyList<string> words, bool isConfirmed, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var content = new StringContent(JsonSerializer.Serialize(new { words, confirmed = isConfirmed }), Encoding.UTF8, "application/json");
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, Consoles.Route) { Content = content }, cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        while (await LineAsync(reader, cancellation) is { } line)
        {
            var json = JsonNode.Parse(line)!.AsObject();
            yield return json["fault"] is { } fault ? throw new UserErrorException((string)fault!, (bool?)json["misuse"] ?? false ? Cli.Usage : Cli.Failed) : json;
        }
    }

    private async Task<string?> LineAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new UserErrorException($"{_http.BaseAddress} broke off: {error.Message} The node may have ended; ask again.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            using (request)
            {
                var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return answer;
                }

                var text = await answer.Content.ReadAsStringAsync(cancellation);
                var fault = DetailOf(text) ?? $"{_http.BaseAddress} answered {(int)answer.StatusCode}";
                throw new UserErrorException(answer.StatusCode is HttpStatusCode.Unauthorized
                    ? $"{_http.BaseAddress} asks for a key: name it with --api-key-file or APTRL_API_KEY ({fault})" : fault);
            }
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && error.InnerException is TimeoutException))
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
