namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Reward-interaction inverse propensity scoring with a weighted mean at each position.</summary>
/// <remarks>
/// V = Σₖ [Σ w₁:ₖ rₖ / Σ w₁:ₖ]: McInerney et al. 2020 (arXiv:2007.12986), the normalised form of their estimator. Consistent;
/// biased by order 1/n. Difference: slates may be of different lengths; a position that a slate lacks earns 0 there, and
/// the weighted mean is over the slates that have it, times their share.
/// </remarks>
/// <param name="positions">Positions of the longest slate.</param>
public sealed class SelfNormalisedCascade(int positions) : IEstimator<WeighedSlate>
{
    /// <inheritdoc/>
    public string Name => "cascade-snips";

    /// <inheritdoc/>
    public int Sums => 3 * positions + 1;

    /// <inheritdoc/>
    public void Add(in WeighedSlate round, Span<double> sums)
    {
        for (var position = 0; position < round.Places.Count; position++)
        {
            var place = round.Places[position];
            sums[3 * position] += place.Weight * place.Reward;
            sums[3 * position + 1] += place.Weight;
            sums[3 * position + 2]++;
        }

        sums[^1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums)
    {
        var value = 0.0;
        for (var position = 0; position < positions; position++)
        {
            var (earned, weight, slates) = (sums[3 * position], sums[3 * position + 1], sums[3 * position + 2]);
            value += slates == 0 ? 0 : earned / weight * (slates / sums[^1]);
        }

        return value;
    }

    /// <inheritdoc/>
    public double WeightOf(in WeighedSlate round) => round.Weight;
}
