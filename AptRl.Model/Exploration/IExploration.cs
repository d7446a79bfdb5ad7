using AptRl.Model.Events;

namespace AptRl.Model.Exploration;

/// <summary>A rule of exploration: gives each candidate that is left the probability to stand at the next position.</summary>
/// <remarks>
/// Slates are drawn position by position, so that the propensity of a position, given those above it, is what the rule gave
/// at its stage. A rule has no memory and no chance of its own: what it needs of both is in the stage.
/// </remarks>
public interface IExploration
{
    /// <summary>Which rule it is.</summary>
    ExplorationKind Kind { get; }

    /// <summary>Its scale where a scenario sets none; the unit is the rule's own.</summary>
    double DefaultScale { get; }

    /// <summary>The parameter of one decision. More is explored with less evidence, and for a user with a short window.</summary>
    /// <param name="scale">The scenario's scale.</param>
    /// <param name="rows">Evidence of the policy.</param>
    /// <param name="touches">Touches in the user's window.</param>
    double ParameterOf(double scale, double rows, int touches);

    /// <summary>How many widths are added to an item's mean to make its score.</summary>
    /// <param name="parameter">The decision's parameter.</param>
    double WidthsIn(double parameter) => 0;

    /// <summary>Writes the probability of each candidate that is left; they add up to 1.</summary>
    /// <param name="stage">What is left.</param>
    /// <param name="probabilities">One for each, in the order of the stage.</param>
    void Fill(in Stage stage, Span<double> probabilities);
}
