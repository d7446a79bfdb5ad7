namespace AptRl.Model.OffPolicy;

/// <summary>Every action with the same probability.</summary>
public sealed class UniformTarget : ITargetPolicy
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <inheritdoc/>
    public void Fill(LoggedRound round, Span<double> probabilities) => probabilities.Fill(1.0 / probabilities.Length);
}
