namespace AptRl.Host.Learning;

/// <summary>Event time of now: a simulated shop's where there is one, else the server's.</summary>
internal sealed class EventClock(TimeProvider time)
{
    private Func<DateTimeOffset>? _simulated;

    public bool IsSimulated => _simulated is not null;

    /// <summary>Never ahead of the server's clock: what is ahead of it would be refused.</summary>
    public DateTimeOffset Now => time.GetUtcNow() is var now && _simulated?.Invoke() is { } simulated && simulated < now ? simulated : now;

    /// <summary>From now on the shop's time is this.</summary>
    public void Simulate(Func<DateTimeOffset> now) => _simulated = now;
}
