namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Position-wise (independent) inverse propensity scoring.</summary>
/// <remarks>
/// V = Σ Σₖ rₖ π(aₖ at k)/μ(aₖ at k) / n: Li et al. 2018 (arXiv:1804.10488), item-position model; McInerney et al. 2020
/// (arXiv:2007.12986), eq. 2. Unbiased where what a position earns does not depend on the others.
/// </remarks>
public sealed class PositionInversePropensity : IEstimator<WeighedSlate>
{
    /// <inheritdoc/>
    public string Name => "position-ips";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedSlate round, Span<double> sums)
    {
        foreach (var place in round.Places)
        {
            sums[0] += place.PositionWeight * place.Reward;
        }

        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedSlate round) => round.Places[^1].PositionWeight;
}
