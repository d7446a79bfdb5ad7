using AptRl.Model.Events;

namespace AptRl.Model.Exploration;

/// <summary>Shows the best, and now and then any item, each alike: the yardstick, wasteful by design.</summary>
/// <remarks>
/// p(i) = ε/M, the best has 1 - ε + ε/M: Sutton and Barto 2018, section 2.2. ε = min(1, ε₀/√((1 + touches)/21)); it does not
/// fall with evidence.
/// </remarks>
public sealed class EpsilonGreedy : IExploration
{
    /// <inheritdoc/>
    public ExplorationKind Kind => ExplorationKind.EpsilonGreedy;

    /// <inheritdoc/>
    public double DefaultScale => 0.1;

    /// <inheritdoc/>
    public double ParameterOf(double scale, double rows, int touches) => Math.Min(1, scale / ShortWindow.Knowledge(touches));

    /// <inheritdoc/>
    public void Fill(in Stage stage, Span<double> probabilities)
    {
        var each = stage.Parameter / probabilities.Length;
        probabilities.Fill(each);
        probabilities[0] = 1 - (probabilities.Length - 1) * each;
    }
}
