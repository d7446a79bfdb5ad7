namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Doubly robust with optimistic shrinkage: large weights are drawn back towards 0.</summary>
/// <remarks>
/// V = Σ [Σₐ π(a | x) q̂(x, a) + ŵ (r - q̂(x, a))] / n with ŵ = λ w / (w² + λ): Su, Dimakopoulou, Krishnamurthy and Dudík
/// 2020 (arXiv:1907.09623), eq. 9. λ = 0 is the direct method, λ = ∞ doubly robust.
/// </remarks>
/// <param name="shrinkage">λ ≥ 0.</param>
public sealed class ShrunkDoublyRobust(double shrinkage) : IModifiesWeight
{
    /// <inheritdoc/>
    public string Name => "dr-os";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedRound round, Span<double> sums)
    {
        sums[0] += Contribution(round);
        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedRound round) => Modified(round.Weight);

    /// <inheritdoc/>
    public double Modified(double weight)
        => double.IsPositiveInfinity(shrinkage) ? weight : weight == 0 ? 0 : shrinkage * weight / (weight * weight + shrinkage);

    /// <inheritdoc/>
    public double Contribution(in WeighedRound round) => round.Expected + Modified(round.Weight) * round.Surprise;

    /// <inheritdoc/>
    public double Outcome(in WeighedRound round) => round.Surprise;
}
