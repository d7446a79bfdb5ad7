using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;

namespace AptRl.Client;

/// <summary>A typed client of AptRl's HTTP interface, for a shop's backend. Safe for use by several threads at once.</summary>
/// <remarks>
/// <para>A request that finds no answer, or is answered 408, 429, 502, 503 or 504, is sent again as
/// <see cref="AptRlClientOptions"/> say. That never counts twice: events and slates carry an id from the first attempt on, a
/// reward's is derived by the server, and the catalogue's items are replaced by themselves.</para>
/// <para>What a method returns, the server has answered. For events that nobody waits for there is
/// <see cref="OpenSender"/>.</para>
/// </remarks>
public sealed class AptRlClient
{
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retries;

    /// <summary>Takes the HTTP client to ask with; its <see cref="HttpClient.BaseAddress"/> is the server's address.</summary>
    /// <param name="http">The caller's to dispose; one for a process, or what <c>IHttpClientFactory</c> makes.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no address, or an option is out of its range.</exception>
    public AptRlClient(HttpClient http, AptRlClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.BaseAddress is null)
        {
            throw new ArgumentException("the HTTP client has no BaseAddress: set it to the server's, such as http://127.0.0.1:5080", nameof(http));
        }

        (_http, Options) = (http, (options ?? new AptRlClientOptions()).Checked());
        _retries = Retries.Of(Options, Options.RetriesMax, error => error.IsTransient);
    }

    internal AptRlClientOptions Options { get; }

    /// <summary>Sends events and says what became of each, in their order; those that were busy are sent again by themselves.</summary>
    /// <param name="events">At most as many as the server takes at once: 1,000 if it was not told otherwise.</param>
    /// <param name="cancellation">Stops it; what was sent until then may have been kept.</param>
    /// <returns>One for each event. <see cref="EventResult.Busy"/> is left only where all attempts were used up.</returns>
    /// <exception cref="AptRlException">The request was refused as a whole, or all attempts went without an answer.</exception>
    public async Task<IReadOnlyList<EventResult>> SendAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellation = default)
    {
        var batch = new EventBatch(events);
        try
        {
            await _retries.ExecuteAsync(async token => await batch.SendAsync(this, token), cancellation);
        }
        catch (AptRlException) when (batch.IsAnswered)
        {
        }

        return batch.Results;
    }

    /// <summary>Sends one event.</summary>
    /// <inheritdoc cref="SendAsync(IReadOnlyList{ShopEvent}, CancellationToken)"/>
    public async Task<EventResult> SendAsync(ShopEvent @event, CancellationToken cancellation = default)
        => (await SendAsync([@event], cancellation))[0];

    /// <summary>Opens a sender that gathers events and sends them in batches behind the caller's back.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EventSender OpenSender(EventSenderOptions? options = null) => new(this, options ?? new EventSenderOptions());

    /// <summary>A slate for a user; from the caller's candidates where the request has some.</summary>
    /// <param name="request">One page view. Asked again with the same one, the same decision is answered.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="AptRlException">It was refused, or all attempts went without an answer.</exception>
    public Task<Recommendation> RecommendAsync(SlateRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AskAsync(request.Candidates is null ? Routes.Recommend : Routes.Rank, null, request, cancellation);
    }

    /// <summary>Says what a shopper did about a recommendation; answered when the learner has it for good.</summary>
    /// <param name="recommendationId">Which one.</param>
    /// <param name="reward">What was done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="AptRlException">It was refused, or all attempts went without an answer.</exception>
    public Task<EventResult> RewardAsync(string recommendationId, Reward reward, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(recommendationId);
        ArgumentNullException.ThrowIfNull(reward);
        return AskAsync(Routes.Reward, recommendationId, reward, cancellation);
    }

    /// <summary>The decision behind a recommendation; null where it is not known, or not any more. Needs scope <c>admin</c>.</summary>
    /// <exception cref="AptRlException">It was refused, or all attempts went without an answer.</exception>
    public Task<Decision?> DecisionAsync(string recommendationId, CancellationToken cancellation = default)
        => FindAsync(Routes.Decision, recommendationId, cancellation);

    /// <summary>Adds items to the catalogue, or replaces them: all, or none where one is wrong.</summary>
    /// <returns>How many are durable now.</returns>
    /// <exception cref="AptRlException">It was refused, or all attempts went without an answer.</exception>
    public async Task<int> UpsertAsync(IReadOnlyList<CatalogueItem> items, CancellationToken cancellation = default)
        => (await AskAsync(Routes.Items, null, new ItemsBody(items), cancellation)).Upserted;

    /// <summary>An item of the catalogue; null where it is not there.</summary>
    /// <exception cref="AptRlException">It was refused, or all attempts went without an answer.</exception>
    public Task<CatalogueItem?> ItemAsync(string id, CancellationToken cancellation = default) => FindAsync(Routes.Item, id, cancellation);

    /// <summary>What is known of a user; null where nothing is. Needs scope <c>admin</c>.</summary>
    /// <exception cref="AptRlException">It was refused, or all attempts went without an answer.</exception>
    public Task<ShopUser?> UserAsync(string id, CancellationToken cancellation = default) => FindAsync(Routes.User, id, cancellation);

    /// <summary>Deletes what is known of a user. Needs scope <c>admin</c>.</summary>
    /// <returns>Whether there was something; false too where an attempt whose answer was lost had deleted it.</returns>
    /// <exception cref="AptRlException">It was refused, or all attempts went without an answer.</exception>
    public async Task<bool> DeleteUserAsync(string id, CancellationToken cancellation = default)
    {
        try
        {
            await AskAsync(Routes.DeleteUser, id, null, cancellation);
            return true;
        }
        catch (AptRlException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>One attempt.</summary>
    /// <exception cref="AptRlException">It failed.</exception>
    internal async Task<TAnswer> TryAsync<TSent, TAnswer>(Route<TSent, TAnswer> route, string? id, TSent? sent, CancellationToken cancellation)
        where TSent : class
        where TAnswer : class
    {
        using var request = new HttpRequestMessage(route.Method, route.For(id));
        if (Options.ApiKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (route.Sent is { } type)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(sent!, type));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var timeout = new CancellationTokenSource(Options.AttemptTimeout, Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return !response.IsSuccessStatusCode ? throw Refusal(response, body)
                : route.Answer is { } answer ? Read(body, answer, response.StatusCode)
                : null!;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw AptRlException.NoAnswer(_http.BaseAddress, error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw AptRlException.NoAnswer(_http.BaseAddress, new TimeoutException($"nothing came within {Options.AttemptTimeout.TotalSeconds:0.###} s.", error));
        }
    }

    private static T Read<T>(byte[] body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, HttpStatusCode status)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("the answer is null");
        }
        catch (JsonException error)
        {
            throw new AptRlException(status, "bad_answer", $"the answer is not what was agreed: {error.Message} Is this address AptRl's?", cause: error);
        }
    }

    private AptRlException Refusal(HttpResponseMessage response, byte[] body)
    {
        Problem? problem = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json")
        {
            problem = Read(body, ClientJson.Default.Problem, response.StatusCode);
        }

        // RFC 9110, 10.2.3: seconds, or a date.
        var after = response.Headers.RetryAfter is not { } header ? null : header.Delta ?? header.Date - Options.Clock.GetUtcNow();
        return new AptRlException(
            response.StatusCode, problem?.Code ?? "refused", problem?.Detail ?? $"the answer was {(int)response.StatusCode} {response.ReasonPhrase}",
            after < TimeSpan.Zero ? TimeSpan.Zero : after);
    }

    private async Task<TAnswer> AskAsync<TSent, TAnswer>(Route<TSent, TAnswer> route, string? id, TSent? sent, CancellationToken cancellation)
        where TSent : class
        where TAnswer : class
        => await _retries.ExecuteAsync(async token => await TryAsync(route, id, sent, token), cancellation);

    private async Task<TAnswer?> FindAsync<TAnswer>(Route<Nothing, TAnswer> route, string id, CancellationToken cancellation)
        where TAnswer : class
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        try
        {
            return await AskAsync(route, id, null, cancellation);
        }
        catch (AptRlException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
