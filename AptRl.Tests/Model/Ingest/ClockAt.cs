namespace AptRl.Tests.Model.Ingest;

internal sealed class ClockAt(DateTimeOffset now) : TimeProvider
{
    public static readonly ClockAt Noon2026 = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow() => now;
}
