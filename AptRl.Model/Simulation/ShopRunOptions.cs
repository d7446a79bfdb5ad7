using AptRl.Model.Learning;

namespace AptRl.Model.Simulation;

/// <summary>How long one shopkeeper serves one shop, and what is written down.</summary>
public sealed record ShopRunOptions
{
    /// <summary>Page views to fill. Default 200,000.</summary>
    public int Decisions { get; init; } = 200_000;

    /// <summary>Page views after which tastes move; null for never. Default null.</summary>
    public int? DriftAfter { get; init; }

    /// <summary>Positions of a slate. Default 6.</summary>
    public int SlateLength { get; init; } = 6;

    /// <summary>Page views that are open at the same time. Default 16: their windows share a pass of the encoder.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Interactions of before the shop had recommendations, which every shopkeeper hears first. Default 40,000.</summary>
    public int History { get; init; } = 40_000;

    /// <summary>What each kind of reward is worth in the report, by <see cref="RewardType"/>. Default click 0.2, cart 0.5, purchase 1, dismiss -0.5, leave -0.2.</summary>
    public IReadOnlyList<double> RewardWeights { get; init; } = [0.2, 0.5, 1.0, -0.5, -0.2];

    /// <summary>Points of a curve at most: page views are put together in so many steps. Default 200.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ShopRunOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Decisions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SlateLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps);
        ArgumentOutOfRangeException.ThrowIfNegative(History);
        if (DriftAfter is { } drift)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(drift, 1, nameof(DriftAfter));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(drift, Decisions, nameof(DriftAfter));
        }

        return this;
    }
}
