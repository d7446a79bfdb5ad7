namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Cascade doubly robust: reward-interaction scoring with a model of what is still to come.</summary>
/// <remarks>
/// V = Σ Σₖ [w₁:ₖ (rₖ - Q̂ₖ(a₁:ₖ)) + w₁:ₖ₋₁ Σₐ π(a | a₁:ₖ₋₁) Q̂ₖ(a₁:ₖ₋₁, a)] / n, w₁:₀ = 1: Kiyohara et al. 2022
/// (arXiv:2202.01562), eq. 7. Unbiased under the cascade assumption whatever Q̂ is, given that it was not fitted to the
/// slate; with a slate of one position it is <see cref="Estimators.DoublyRobust"/>.
/// </remarks>
public sealed class CascadeDoublyRobust : IEstimator<WeighedSlate>
{
    /// <inheritdoc/>
    public string Name => "cascade-dr";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedSlate round, Span<double> sums)
    {
        var above = 1.0;
        foreach (var place in round.Places)
        {
            sums[0] += place.Weight * (place.Reward - place.Predicted) + above * place.Expected;
            above = place.Weight;
        }

        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedSlate round) => round.Weight;
}
