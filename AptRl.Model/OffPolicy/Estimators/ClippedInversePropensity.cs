namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Inverse propensity scoring with a bound on the weight.</summary>
/// <remarks>
/// V = Σ min(w, λ) r / n: Ionides 2008, truncated importance sampling; for bandits Bottou et al. 2013 (arXiv:1209.2355).
/// Biased low, where rewards are positive, by what the bound takes.
/// </remarks>
/// <param name="bound">λ, positive; infinity is <see cref="InversePropensity"/>.</param>
public sealed class ClippedInversePropensity(double bound) : IModifiesWeight
{
    /// <inheritdoc/>
    public string Name => "clipped-ips";

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
    public double Modified(double weight) => Math.Min(weight, bound);

    /// <inheritdoc/>
    public double Contribution(in WeighedRound round) => Modified(round.Weight) * round.Reward;

    /// <inheritdoc/>
    public double Outcome(in WeighedRound round) => round.Reward;
}
