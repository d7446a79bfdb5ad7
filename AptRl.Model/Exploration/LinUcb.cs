using AptRl.Model.Events;

namespace AptRl.Model.Exploration;

/// <summary>Shows what might be best: the largest upper confidence bound, for certain.</summary>
/// <remarks>
/// Score = mean + c·√(xᵀA⁻¹x): Li et al. 2010 (arXiv:1003.0146), algorithm 1 with one θ for all arms.
/// c = c₀/√((1 + touches)/21). Nothing is drawn, so the propensity is 1 and a log of it says nothing of any other policy;
/// with a floor it does.
/// </remarks>
public sealed class LinUcb : IExploration
{
    /// <inheritdoc/>
    public ExplorationKind Kind => ExplorationKind.LinUcb;

    /// <inheritdoc/>
    public double DefaultScale => 0.1;

    /// <inheritdoc/>
    public double ParameterOf(double scale, double rows, int touches) => scale / ShortWindow.Knowledge(touches);

    /// <inheritdoc/>
    public double WidthsIn(double parameter) => parameter;

    /// <inheritdoc/>
    public void Fill(in Stage stage, Span<double> probabilities)
    {
        probabilities.Clear();
        probabilities[0] = 1;
    }
}
