namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Doubly robust with a weighted mean of the model's errors.</summary>
/// <remarks>
/// V = Σ Σₐ π(a | x) q̂(x, a) / n + Σ w (r - q̂(x, a)) / Σ w: Robins, Sued, Lei-Gomez and Rotnitzky 2007; Kallus and Uehara
/// 2019 (arXiv:1906.03735). Two ratios: both are resampled together.
/// </remarks>
public sealed class SelfNormalisedDoublyRobust : IEstimator<WeighedRound>
{
    /// <inheritdoc/>
    public string Name => "sndr";

    /// <inheritdoc/>
    public int Sums => 4;

    /// <inheritdoc/>
    public void Add(in WeighedRound round, Span<double> sums)
    {
        sums[0] += round.Expected;
        sums[1]++;
        sums[2] += round.Weight * round.Surprise;
        sums[3] += round.Weight;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1] + sums[2] / sums[3];

    /// <inheritdoc/>
    public double WeightOf(in WeighedRound round) => round.Weight;
}
