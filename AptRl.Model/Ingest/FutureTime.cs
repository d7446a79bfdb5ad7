namespace AptRl.Model.Ingest;

/// <summary>Tells what lies too far ahead of our clock: one rule for files, HTTP, Kafka and callers in process.</summary>
/// <remarks>
/// Windows, lateness and a learner's buckets go by event time and never back: one event of a clock that is a year ahead would make
/// all that its user does for a year late. So it is refused before anybody sees it.
/// </remarks>
public static class FutureTime
{
    /// <summary>How far clocks usually differ: what an event may be ahead by where nothing else is said.</summary>
    public static TimeSpan Tolerance { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with a time, and the way out; null where nothing is.</summary>
    /// <param name="at">The time.</param>
    /// <param name="latest">The latest that is allowed: now and the tolerance. It is allowed itself.</param>
    public static string? Fault(DateTimeOffset at, DateTimeOffset latest)
        => at <= latest ? null : $"time {at:O} is after {latest:O}, the latest that is allowed now: correct the sender's clock";
}
