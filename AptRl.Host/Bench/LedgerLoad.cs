using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using HdrHistogram;

namespace AptRl.Host.Bench;

/// <summary>Sends requests to several nodes when they are due, and sends each again, elsewhere and under the same id, until it is answered.</summary>
/// <remarks>
/// As <see cref="OpenLoad"/>, with what a shop's client does when a node is gone: the next node at once, and after a busy answer
/// the pause that it asks for. Latency counts from when a request was due to the answer that ended it, repeats and pauses included. A node that
/// refused a connection is left out for a second.
/// </remarks>
internal sealed class LedgerLoad(IReadOnlyList<Uri> nodes, Ledger ledger, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan LeftOut = TimeSpan.FromSeconds(1);
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 128,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });

    private readonly ConcurrentDictionary<int, LongConcurrentHistogram> _seconds = [];
    private readonly long[] _goneUntil = new long[nodes.Count];
    private int _inFlight;
    private int _next;
    private long _repeats;

    /// <summary>Times that a request was sent again.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    public void Dispose() => _http.Dispose();

    /// <summary>Sends each traffic at the rate and waits for the answers.</summary>
    /// <returns>Time from the first request due to the last answer.</returns>
    public async Task<TimeSpan> RunAsync(
        IReadOnlyList<ITraffic> traffics, IReadOnlyList<LatencyLog> logs, double ratePerSecond, TimeSpan duration, bool isClimbing,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        _seconds.Clear();
        var start = clock.GetTimestamp();
        var sent = new long[traffics.Count];
        using var timer = new PeriodicTimer(Tick, clock);
        for (var elapsed = TimeSpan.Zero; elapsed < duration;)
        {
            await timer.WaitForNextTickAsync(cancellation);
            elapsed = clock.GetElapsedTime(start);
            for (var i = 0; i < sent.Length; i++)
            {
                TimeSpan due;
                while ((due = DueAt(sent[i], (double)i / sent.Length)) <= elapsed && due < duration)
                {
                    Interlocked.Increment(ref _inFlight);
                    _ = SendAsync(traffics[i], traffics[i].Next(), logs[i], start, due, cancellation);
                    sent[i]++;
                }
            }

            progress?.Report(Math.Min(1, elapsed / duration));
        }

        while (Volatile.Read(ref _inFlight) > 0)
        {
            await timer.WaitForNextTickAsync(cancellation);
        }

        return clock.GetElapsedTime(start);

        TimeSpan DueAt(long number, double phase) => TimeSpan.FromSeconds(isClimbing
            ? Math.Sqrt(2 * duration.TotalSeconds * (number + phase) / ratePerSecond)
            : (number + phase) / ratePerSecond);
    }

    /// <summary>99 % of the requests that were due in this second took no longer, in milliseconds; 0 where none was.</summary>
    public double P99Of(int second) => _seconds.TryGetValue(second, out var its) && its.TotalCount > 0 ? its.GetValueAtPercentile(99) / 1_000d : 0;

    private async Task SendAsync(ITraffic traffic, Shot shot, LatencyLog log, long start, TimeSpan due, CancellationToken cancellation)
    {
        try
        {
            var asked = JsonNode.Parse(shot.Body)!;
            var isEvent = asked["id"] is not null;
            var (user, id) = ((string)asked["user"]!, (string)(asked["id"] ?? asked["requestId"])!);
            if (isEvent)
            {
                ledger.SendsEvent(user, id);
            }
            else
            {
                ledger.SendsRequest();
            }

            var fault = await UntilAnsweredAsync(traffic.Path, shot, answer =>
            {
                if (isEvent)
                {
                    ledger.AnsweredEvent(user, id);
                }
                else
                {
                    ledger.AnsweredDecision((string)answer["recommendationId"]!);
                }
            }, cancellation);
            var latency = clock.GetElapsedTime(start) - due;
            log.Answered(latency, fault);
            _seconds.GetOrAdd((int)due.TotalSeconds, static _ => new LongConcurrentHistogram(1, (long)TimeSpan.FromMinutes(10).TotalMicroseconds, 3))
                .RecordValue(Math.Max(1, (long)latency.TotalMicroseconds));
        }
        catch (OperationCanceledException)
        {
            log.Failed($"{traffic.Path} was ended before it was answered");
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task<string?> UntilAnsweredAsync(string path, Shot shot, Action<JsonNode> answered, CancellationToken cancellation)
    {
        var since = clock.GetTimestamp();
        for (var (attempt, last) = (0, "nothing"); ; attempt++)
        {
            if (clock.GetElapsedTime(since) > Patience)
            {
                return $"{path} was not answered within {Patience.TotalSeconds} s and {attempt} attempts; the last: {last}";
            }

            var node = NextNode();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Attempt);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(nodes[node], path)) { Content = new ByteArrayContent(shot.Body) };
                request.Content.Headers.ContentType = JsonType;
                using var response = await _http.SendAsync(request, patience.Token);
                var body = await response.Content.ReadAsByteArrayAsync(patience.Token);
                if (response.StatusCode is HttpStatusCode.OK)
                {
                    var answer = JsonNode.Parse(body)!;
                    answered(answer);

                    // Accepted at an attempt whose answer was lost with its node; what it earned was told there.
                    return (string?)answer["results"]?[0]?["status"] == "duplicate" ? null : shot.Fault(body);
                }

                last = $"{(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200)))}";
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                {
                    return $"{path} was answered {last}";
                }

                if (response.Headers.RetryAfter?.Delta is not { } pause)
                {
                    return $"{path} was answered {(int)response.StatusCode} without Retry-After";
                }

                await Task.Delay(pause, clock, cancellation);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException || (broken is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                last = broken.Message;
                Volatile.Write(ref _goneUntil[node], clock.GetTimestamp() + (long)(LeftOut.TotalSeconds * clock.TimestampFrequency));
                await Task.Delay(TimeSpan.FromMilliseconds(10), clock, cancellation);
            }

            Interlocked.Increment(ref _repeats);
        }
    }

    private int NextNode()
    {
        var now = clock.GetTimestamp();
        var node = 0;
        for (var tried = 0; tried < nodes.Count; tried++)
        {
            node = (int)((uint)Interlocked.Increment(ref _next) % (uint)nodes.Count);
            if (Volatile.Read(ref _goneUntil[node]) <= now)
            {
                break;
            }
        }

        return node;
    }
}
