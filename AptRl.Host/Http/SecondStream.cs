using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AptRl.Host.Http;

/// <summary>An answer at once and every second after, as server-sent events, until the reader goes or the server stops.</summary>
internal static class SecondStream
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public static ServerSentEventsResult<string> Of<T>(string name, Func<T> read, JsonTypeInfo<T> type, IHostApplicationLifetime lifetime)
        => TypedResults.ServerSentEvents(ReadAsync(name, read, type, lifetime.ApplicationStopping));

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync<T>(
        string name, Func<T> read, JsonTypeInfo<T> type, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        using var timer = new PeriodicTimer(Every);
        do
        {
            yield return new SseItem<string>(JsonSerializer.Serialize(read(), type), name);
        }
        while (await TickedAsync(timer, ended.Token));
    }

    private static async ValueTask<bool> TickedAsync(PeriodicTimer timer, CancellationToken ended)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }
    }
}
