namespace AptRl.Model.Retrieval;

/// <summary>How much a session index remembers.</summary>
public sealed record SessionIndexOptions
{
    /// <summary>Sessions kept; beyond it the oldest is forgotten. Default 500,000: about 70 MB at five touches each.</summary>
    public int SessionsMax { get; init; } = 500_000;

    /// <summary>Sessions found by one item: the newest that hold it (m of VMIS-kNN). Default 2,500.</summary>
    public int SessionsPerItem { get; init; } = 2_500;

    /// <summary>Touches kept of a session, from its first on; what a longer one goes on to do is counted and left out. Default 200.</summary>
    public int TouchesMax { get; init; } = 200;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not positive.</exception>
    public SessionIndexOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SessionsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SessionsPerItem);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TouchesMax);
        return this;
    }
}
