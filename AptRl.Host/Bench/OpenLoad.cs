namespace AptRl.Host.Bench;

/// <summary>Sends requests when they are due, whether or not earlier ones were answered.</summary>
/// <remarks>
/// A load that waits for answers slows down with the server and hides the waiting ("coordinated omission"). Here latency
/// counts from the moment a request was due, so a stall of the server, the connections or this loop is in the numbers.
/// </remarks>
internal sealed class OpenLoad : IDisposable
{
    /// <summary>Unanswered requests at most; what is due beyond them is not sent and counts as wrong.</summary>
    public const int InFlightMax = 5_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;
    private readonly ShotPost _post;
    private int _inFlight;

    public OpenLoad(Uri server, TimeProvider clock) => (_post, _clock) = (new ShotPost(server), clock);

    public void Dispose() => _post.Dispose();

    /// <summary>Sends each traffic at the rate and waits for the answers.</summary>
    /// <param name="traffics">What to send, each at this rate, evenly interleaved.</param>
    /// <param name="logs">One for each traffic.</param>
    /// <param name="ratePerSecond">Requests of each traffic a second.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="isClimbing">Whether the rate climbs evenly from nothing; then half as many are sent.</param>
    /// <param name="progress">Told how much of the duration has passed, from 0 to 1.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Time from the first request due to the last answer.</returns>
    public async Task<TimeSpan> RunAsync(
        IReadOnlyList<ITraffic> traffics,
        IReadOnlyList<LatencyLog> logs,
        double ratePerSecond,
        TimeSpan duration,
        bool isClimbing,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var start = _clock.GetTimestamp();
        var sent = new long[traffics.Count];
        using var timer = new PeriodicTimer(Tick);
        var elapsed = TimeSpan.Zero;
        while (elapsed < duration)
        {
            await timer.WaitForNextTickAsync(cancellation);
            elapsed = _clock.GetElapsedTime(start);
            for (var i = 0; i < sent.Length; i++)
            {
                TimeSpan due;
                while ((due = DueAt(sent[i], (double)i / sent.Length)) <= elapsed && due < duration)
                {
                    Send(traffics[i], logs[i], start, due, patience.Token);
                    sent[i]++;
                }
            }

            progress?.Report(Math.Min(1, elapsed / duration));
        }

        await DrainAsync(timer, patience, cancellation);
        return _clock.GetElapsedTime(start);

        // Climbing, t seconds in, rate·t²/(2T) requests are due: the k-th at √(2Tk/rate).
        TimeSpan DueAt(long number, double phase) => TimeSpan.FromSeconds(isClimbing
            ? Math.Sqrt(2 * duration.TotalSeconds * (number + phase) / ratePerSecond)
            : (number + phase) / ratePerSecond);
    }

    private async Task DrainAsync(PeriodicTimer timer, CancellationTokenSource patience, CancellationToken cancellation)
    {
        patience.CancelAfter(Patience);
        while (Volatile.Read(ref _inFlight) > 0)
        {
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private void Send(ITraffic traffic, LatencyLog log, long start, TimeSpan due, CancellationToken cancellation)
    {
        var shot = traffic.Next();
        if (Volatile.Read(ref _inFlight) >= InFlightMax)
        {
            log.Failed($"{InFlightMax} requests are unanswered: the next was not sent");
            return;
        }

        Interlocked.Increment(ref _inFlight);
        _ = SendAsync(traffic.Path, shot, log, start, due, cancellation);
    }

    private async Task SendAsync(string path, Shot shot, LatencyLog log, long start, TimeSpan due, CancellationToken cancellation)
    {
        try
        {
            var (status, answer) = await _post.SendAsync(path, shot, cancellation);
            var latency = _clock.GetElapsedTime(start) - due;
            log.Answered(latency, ShotPost.FaultOf(path, shot, status, answer));
        }
        catch (OperationCanceledException)
        {
            log.Failed($"{path} was not answered within {Patience.TotalSeconds} s of the end");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            log.Failed($"{path} was not answered: {broken.Message}");
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
