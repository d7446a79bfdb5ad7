namespace AptRl.Model.Retrieval;

/// <summary>How co-visits are counted.</summary>
public sealed record CoVisitationOptions
{
    /// <summary>Touches back in the session that a touch is counted with. Default 5.</summary>
    public int Reach { get; init; } = 5;

    /// <summary>Touches over which the weight of a pair falls by e. Default 2.</summary>
    public double Distance { get; init; } = 2;

    /// <summary>What it weighs that the other item came before, against 1 for after. Default 0.7.</summary>
    public double Backward { get; init; } = 0.7;

    /// <summary>Sessions after which a co-visit counts half, in whole steps; 0 keeps all as they are. Default 0.</summary>
    public int HalfLife { get; init; }

    /// <summary>Neighbours kept of an item. It may gather twice as many; then the lightest are dropped down to this. Default 64.</summary>
    public int NeighboursMax { get; init; } = 64;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not positive, or a weight is negative.</exception>
    public CoVisitationOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Reach);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Distance);
        ArgumentOutOfRangeException.ThrowIfNegative(Backward);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Backward, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(HalfLife);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NeighboursMax);
        return this;
    }
}
