namespace AptRl.Actors.Clustering;

/// <summary>How old what a node knows of a writer may be: the time since it last heard that it is level with it.</summary>
/// <remarks>
/// Told by this node's own monotonic clock, so that no two clocks are compared; the way of the message is the error. Thread-safe:
/// one replica sets it, agents and metrics read it.
/// </remarks>
public sealed class PolicyAge(TimeProvider clock, TimeSpan max)
{
    private long _levelAt = clock.GetTimestamp();

    /// <summary>Beyond it the policy is stale.</summary>
    public TimeSpan Max { get; } = max;

    /// <summary>How old it is now.</summary>
    public TimeSpan Now => clock.GetElapsedTime(Volatile.Read(ref _levelAt));

    /// <summary>Whether that is beyond the bound.</summary>
    public bool IsStale => Now > Max;

    /// <summary>The node is level with the writer now.</summary>
    public void Level() => Volatile.Write(ref _levelAt, clock.GetTimestamp());
}
