namespace AptRl.Model.Simulation;

/// <summary>How large the simulated shop is and how its shoppers behave. The same options make the same shop, bit for bit.</summary>
public sealed record ShopOptions
{
    /// <summary>Key of all chance in the shop: items, tastes and behaviour. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Which stay of the same shoppers in the same shop this is, from 1: items and tastes are those of the seed, behaviour
    /// and event ids are new. Default 1.
    /// </summary>
    public int Run { get; init; } = 1;

    /// <summary>Items in the catalogue, at least one per category. Default 500.</summary>
    public int ItemCount { get; init; } = 500;

    /// <summary>Shoppers; each has at most one session at a time. Default 2,000, from 1 to 1,000,000.</summary>
    public int ShopperCount { get; init; } = 2_000;

    /// <summary>Event time at which the first session may begin.</summary>
    public DateTimeOffset StartAt { get; init; } = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Mean time, in event time, that a shopper stays away between two sessions. Default 3 hours: some 50 sessions at a time.</summary>
    public TimeSpan AwayMean { get; init; } = TimeSpan.FromHours(3);

    /// <summary>When, after <see cref="StartAt"/>, every segment's taste moves on to the next segment's categories. Default never.</summary>
    public TimeSpan? DriftAfter { get; init; }

    /// <summary>
    /// Whether the drift also moves what is good: each item's own appeal is drawn anew, so that what was never clicked may be
    /// the best of tomorrow. Default false: tastes alone move.
    /// </summary>
    public bool FashionMoves { get; init; }

    /// <summary>How shoppers behave.</summary>
    public ShopperOptions Shoppers { get; init; } = new();

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ShopOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Run, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ItemCount, DrawnWorld.CategoryCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShopperCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ShopperCount, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AwayMean, TimeSpan.Zero);
        Shoppers.Checked();
        return this;
    }
}
