namespace AptRl.Host.Bench;

/// <summary>Sends the next request when one was answered, so that the server is always busy: how much it does, not how fast it answers.</summary>
internal sealed class ClosedLoad(Uri server, IReadOnlyList<ITraffic> traffics, LatencyLog log, TimeProvider clock) : IDisposable
{
    /// <summary>Requests under way.</summary>
    public const int InFlight = 32;

    private readonly ShotPost _post = new(server);
    private readonly Lock _gate = new();
    private long _number;

    /// <summary>Right answers a second over this time.</summary>
    public async Task<double> RunAsync(TimeSpan duration, CancellationToken cancellation)
    {
        var (start, before) = (clock.GetTimestamp(), log.Right);
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => SendAsync(start, duration, cancellation)));
        return (log.Right - before) / clock.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _post.Dispose();

    private async Task SendAsync(long start, TimeSpan duration, CancellationToken cancellation)
    {
        while (clock.GetElapsedTime(start) < duration)
        {
            string path;
            Shot shot;
            lock (_gate)
            {
                var traffic = traffics[(int)(_number++ % traffics.Count)];
                (path, shot) = (traffic.Path, traffic.Next());
            }

            var asked = clock.GetTimestamp();
            try
            {
                var (status, answer) = await _post.SendAsync(path, shot, cancellation);
                log.Answered(clock.GetElapsedTime(asked), ShotPost.FaultOf(path, shot, status, answer));
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                log.Failed($"{path} was not answered: {broken.Message}");
            }
        }
    }
}
