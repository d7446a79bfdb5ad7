namespace AptRl.Actors.Users;

/// <summary>The time of day that it was when this was made, and what has gone by since: a wall clock that jumps does not move it.</summary>
/// <remarks>For what cannot be taken back. Where the clock was wrong at the start, it stays so until the next.</remarks>
/// <param name="clock">The clock that may jump, with the monotonic one that does not.</param>
public sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _since = clock.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + clock.GetElapsedTime(_since);
}
