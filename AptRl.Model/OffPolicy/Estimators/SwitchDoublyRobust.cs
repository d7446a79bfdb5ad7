namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Doubly robust where the weight is small, the direct method where it is large.</summary>
/// <remarks>
/// V = Σ [Σₐ π(a | x) q̂(x, a) + w (r - q̂(x, a)) 1{w ≤ λ}] / n: Wang, Agarwal and Dudík 2017 (arXiv:1612.01205), eq. 8.
/// </remarks>
/// <param name="bound">λ: the largest weight that is believed.</param>
public sealed class SwitchDoublyRobust(double bound) : IModifiesWeight
{
    /// <inheritdoc/>
    public string Name => "switch-dr";

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
    public double Modified(double weight) => weight <= bound ? weight : 0;

    /// <inheritdoc/>
    public double Contribution(in WeighedRound round) => round.Expected + Modified(round.Weight) * round.Surprise;

    /// <inheritdoc/>
    public double Outcome(in WeighedRound round) => round.Surprise;
}
