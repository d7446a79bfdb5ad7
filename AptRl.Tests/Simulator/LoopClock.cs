namespace AptRl.Tests.Simulator;

/// <summary>A node's clock, by the loop's time.</summary>
internal sealed class LoopClock(Loop loop) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => loop.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Simulation.Noon + loop.Now;
}
