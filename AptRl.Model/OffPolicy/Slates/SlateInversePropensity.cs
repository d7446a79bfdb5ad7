namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Standard inverse propensity scoring of slates.</summary>
/// <remarks>
/// V = Σ w₁:ₖ Σₖ rₖ / n with w of the whole slate: McInerney et al. 2020 (arXiv:2007.12986), eq. 1. Assumes nothing of how
/// a slate is read; the variance grows with the number of slates there are.
/// </remarks>
public sealed class SlateInversePropensity : IEstimator<WeighedSlate>
{
    /// <inheritdoc/>
    public string Name => "slate-ips";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedSlate round, Span<double> sums)
    {
        foreach (var place in round.Places)
        {
            sums[0] += round.Weight * place.Reward;
        }

        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedSlate round) => round.Weight;
}
