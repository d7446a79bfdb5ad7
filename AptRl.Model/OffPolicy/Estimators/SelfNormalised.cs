namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Self-normalised inverse propensity scoring: a weighted mean of the rewards.</summary>
/// <remarks>
/// V = Σ w r / Σ w: Hájek 1971; for bandits Swaminathan and Joachims 2015. Consistent, with a bias of order 1/n; never
/// outside the range of the rewards, and a constant added to every reward is added to the estimate.
/// </remarks>
public sealed class SelfNormalised : IEstimator<WeighedRound>
{
    /// <inheritdoc/>
    public string Name => "snips";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedRound round, Span<double> sums)
    {
        sums[0] += round.Weight * round.Reward;
        sums[1] += round.Weight;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedRound round) => round.Weight;
}
