using AptRl.Model.Events;

namespace AptRl.Model.Exploration;

/// <summary>Tries items by the softmax of their scores: a slate is a draw of Plackett and Luce.</summary>
/// <remarks>
/// p(i) = exp((mᵢ - m*)/τ) / Σ exp((mⱼ - m*)/τ) over what is left: Luce 1959, Plackett 1975. Drawing so without replacement
/// is the same as adding Gumbel noise to m/τ and taking the largest. τ = τ₀/(√(1 + evidence)·√((1 + touches)/21)), so it
/// falls with evidence; τ = 0 is greedy. It suits scores that are log-preferences, as those of the actor-critic are.
/// </remarks>
public sealed class Softmax : IExploration
{
    /// <inheritdoc/>
    public ExplorationKind Kind => ExplorationKind.Softmax;

    /// <inheritdoc/>
    public double DefaultScale => 0.3;

    /// <inheritdoc/>
    public double ParameterOf(double scale, double rows, int touches) => scale / (Math.Sqrt(1 + rows) * ShortWindow.Knowledge(touches));

    /// <inheritdoc/>
    public void Fill(in Stage stage, Span<double> probabilities)
    {
        var (best, sum) = (stage.Scores[0], 1.0);
        for (var place = probabilities.Length - 1; place > 0; place--)
        {
            var gap = (double)best - stage.Scores[place];
            probabilities[place] = gap == 0 ? 1 : stage.Parameter == 0 ? 0 : FixedExponential.Of(-gap / stage.Parameter);
            sum += probabilities[place];
        }

        var others = 0.0;
        for (var place = probabilities.Length - 1; place > 0; place--)
        {
            probabilities[place] /= sum;
            others += probabilities[place];
        }

        probabilities[0] = 1 - others;
    }
}
