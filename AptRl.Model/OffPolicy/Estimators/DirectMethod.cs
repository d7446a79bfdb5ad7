namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Direct method: what a reward model expects of the target.</summary>
/// <remarks>
/// V = Σ Σₐ π(a | x) q̂(x, a) / n: Beygelzimer and Langford 2009 (arXiv:0812.4044). No weights, so little variance; as
/// biased as the model, and its interval does not know that.
/// </remarks>
public sealed class DirectMethod : IEstimator<WeighedRound>
{
    /// <inheritdoc/>
    public string Name => "dm";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedRound round, Span<double> sums)
    {
        sums[0] += round.Expected;
        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedRound round) => 1;
}
