using AptRl.Model.Events;

namespace AptRl.Model.Exploration;

/// <summary>Tries an item the less, the further its score is from the best: the default.</summary>
/// <remarks>
/// Over the M items left p(i) = 1/(M + γ·(m* - mᵢ)), the best has the rest: Abe and Long 1999; Foster and Rakhlin 2020
/// (arXiv:2002.04926), eq. 6. γ = γ₀·√(1 + evidence)·√((1 + touches)/21); γ = 0 is uniform, large γ greedy.
/// Difference from the paper: position by position without replacement, where the paper has one action.
/// </remarks>
public sealed class InverseGap : IExploration
{
    /// <inheritdoc/>
    public ExplorationKind Kind => ExplorationKind.InverseGap;

    /// <inheritdoc/>
    public double DefaultScale => 2_000;

    /// <inheritdoc/>
    public double ParameterOf(double scale, double rows, int touches) => scale * Math.Sqrt(1 + rows) * ShortWindow.Knowledge(touches);

    /// <inheritdoc/>
    public void Fill(in Stage stage, Span<double> probabilities)
    {
        var (best, others) = (stage.Scores[0], 0.0);
        for (var place = probabilities.Length - 1; place > 0; place--)
        {
            var gap = best - stage.Scores[place];
            probabilities[place] = 1 / (probabilities.Length + (gap == 0 ? 0 : stage.Parameter * gap));
            others += probabilities[place];
        }

        probabilities[0] = 1 - others;
    }
}
