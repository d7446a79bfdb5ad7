namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Reward-interaction inverse propensity scoring: each position with the weight of what stands above and there.</summary>
/// <remarks>
/// V = Σ Σₖ w₁:ₖ rₖ / n: McInerney et al. 2020 (arXiv:2007.12986), § 4, as the Open Bandit Pipeline has it, without
/// normalisation. Unbiased where a slate is read from the top (cascade): what a position earns may depend on those above.
/// </remarks>
public sealed class CascadeInversePropensity : IEstimator<WeighedSlate>
{
    /// <inheritdoc/>
    public string Name => "cascade-ips";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedSlate round, Span<double> sums)
    {
        foreach (var place in round.Places)
        {
            sums[0] += place.Weight * place.Reward;
        }

        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedSlate round) => round.Weight;
}
