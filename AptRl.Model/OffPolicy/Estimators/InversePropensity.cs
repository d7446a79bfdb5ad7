namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Inverse propensity scoring: rewards weighed by how much likelier the target would have earned them.</summary>
/// <remarks>
/// V = Σ w r / n, w = π/μ: Horvitz and Thompson 1952; for bandits Strehl, Langford, Li and Kakade 2010 (arXiv:1003.0120).
/// Unbiased where μ is exact and positive wherever π is; its variance grows with w².
/// </remarks>
public sealed class InversePropensity : IEstimator<WeighedRound>
{
    /// <inheritdoc/>
    public string Name => "ips";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedRound round, Span<double> sums)
    {
        sums[0] += round.Weight * round.Reward;
        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedRound round) => round.Weight;
}
