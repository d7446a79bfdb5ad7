namespace AptRl.Model.OffPolicy.Slates;

/// <summary>The estimators for slates, in the order of reports.</summary>
public static class SlateEstimators
{
    /// <summary>All of them.</summary>
    /// <param name="positions">Positions of the longest slate.</param>
    /// <param name="hasModel">Whether there is a reward model; without it only those that need none.</param>
    public static IReadOnlyList<IEstimator<WeighedSlate>> For(int positions, bool hasModel)
    {
        IEstimator<WeighedSlate>[] weighing =
            [new SlateInversePropensity(), new PositionInversePropensity(), new CascadeInversePropensity(), new SelfNormalisedCascade(positions)];
        return hasModel ? [.. weighing, new SlateDirectMethod(), new CascadeDoublyRobust()] : weighing;
    }
}
