namespace AptRl.Tests.Support;

/// <summary>A wall clock and a monotonic one, each as it was set.</summary>
internal sealed class TwoClocks : TimeProvider
{
    public DateTimeOffset Wall { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);

    public TimeSpan Elapsed { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Wall;

    public override long GetTimestamp() => Elapsed.Ticks;
}
