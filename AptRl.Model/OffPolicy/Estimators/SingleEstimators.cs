namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>The estimators for single choices, in the order of reports.</summary>
public static class SingleEstimators
{
    /// <summary>All of them, with λ chosen from the log.</summary>
    /// <param name="rounds">The weighed log.</param>
    /// <param name="hasModel">Whether there is a reward model; without it only those that need none.</param>
    public static IReadOnlyList<IEstimator<WeighedRound>> For(IReadOnlyList<WeighedRound> rounds, bool hasModel)
    {
        IEstimator<WeighedRound>[] weighing =
        [
            new InversePropensity(),
            BoundChoice.Best(rounds, BoundChoice.Bounds, bound => new ClippedInversePropensity(bound)),
            new SelfNormalised(),
        ];
        return !hasModel ? weighing :
        [
            .. weighing,
            new DirectMethod(),
            new DoublyRobust(),
            new SelfNormalisedDoublyRobust(),
            BoundChoice.Best(rounds, BoundChoice.Bounds, bound => new SwitchDoublyRobust(bound)),
            BoundChoice.Best(rounds, BoundChoice.Bounds, bound => new ShrunkDoublyRobust(bound)),
        ];
    }
}
