namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Doubly robust: the direct method, put right by the weighed errors of its model.</summary>
/// <remarks>
/// V = Σ [Σₐ π(a | x) q̂(x, a) + w (r - q̂(x, a))] / n: Dudík, Langford and Li 2011 (arXiv:1103.4601), eq. 1 for stochastic
/// targets as in Dudík et al. 2014 (arXiv:1503.02834). Unbiased where either the propensities or the model is right, given
/// that the model was not fitted to the round; the better the model, the smaller the variance.
/// </remarks>
public sealed class DoublyRobust : IEstimator<WeighedRound>
{
    /// <inheritdoc/>
    public string Name => "dr";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedRound round, Span<double> sums)
    {
        sums[0] += round.Expected + round.Weight * round.Surprise;
        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedRound round) => round.Weight;
}
