namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Direct method for slates: what a model expects of the target's first choice and all that follows.</summary>
/// <remarks>V = Σ Σₐ π(a) Q̂₁(a) / n; as biased as the model, and its interval does not know that.</remarks>
public sealed class SlateDirectMethod : IEstimator<WeighedSlate>
{
    /// <inheritdoc/>
    public string Name => "slate-dm";

    /// <inheritdoc/>
    public int Sums => 2;

    /// <inheritdoc/>
    public void Add(in WeighedSlate round, Span<double> sums)
    {
        sums[0] += round.Places[0].Expected;
        sums[1]++;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <inheritdoc/>
    public double WeightOf(in WeighedSlate round) => 1;
}
