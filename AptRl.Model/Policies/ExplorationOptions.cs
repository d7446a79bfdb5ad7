using AptRl.Model.Events;
using AptRl.Model.Exploration;

namespace AptRl.Model.Policies;

/// <summary>How a scenario explores. Changing it keeps all that was learned.</summary>
public sealed record ExplorationOptions
{
    /// <summary>By which rule. Default inverse gap weighting.</summary>
    public ExplorationKind Kind { get; init; } = ExplorationKind.InverseGap;

    /// <summary>The rule's scale, in its own unit; null takes the rule's default, or <see cref="ScenarioOptions.Exploration"/> for inverse gap weighting.</summary>
    public double? Scale { get; init; }

    /// <summary>Least probability of each candidate that is left at a position. Default 0. A log of a rule with a floor can judge any policy.</summary>
    public double Floor { get; init; }

    /// <summary>Most probability of not showing the best that is left at a position: what exploration may cost. Default 1, no cap. It wins over the floor.</summary>
    public double Cap { get; init; } = 1;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">They do not; the text says which and why.</exception>
    public ExplorationOptions Checked()
    {
        Explorations.Of(Kind);
        return Scale is null or (>= 0 and < double.PositiveInfinity) && Floor is >= 0 and <= 1 && Cap is > 0 and <= 1
            ? this
            : throw new ArgumentException($"exploration with scale {Scale}, floor {Floor} and cap {Cap}: the scale must be 0 or above, the floor in [0, 1], the cap in (0, 1]");
    }
}
