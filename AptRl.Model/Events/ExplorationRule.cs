namespace AptRl.Model.Events;

/// <summary>By which rule a policy strays from what looks best, to learn.</summary>
/// <remarks>The numbers are a wire format: add to them, never change them.</remarks>
public enum ExplorationKind
{
    /// <summary>Inverse gap weighting: the worse an item looks, the less often it is tried.</summary>
    InverseGap = 0,

    /// <summary>Softmax of the scores, with a temperature that falls with evidence.</summary>
    Softmax = 1,

    /// <summary>An item is tried as often as the posterior believes that it is the best.</summary>
    Thompson = 2,

    /// <summary>What might be best, by an upper confidence bound, is shown for certain.</summary>
    LinUcb = 3,

    /// <summary>Now and then any item, each alike.</summary>
    EpsilonGreedy = 4,
}

/// <summary>The rule that a decision was drawn by. With the decision's parameter, candidates and id it draws it again.</summary>
/// <param name="Kind">Which rule.</param>
/// <param name="Floor">Least probability of each candidate that is left, as far as <paramref name="Cap"/> allows.</param>
/// <param name="Cap">Most probability, at a position, of not showing the best that is left.</param>
public sealed record ExplorationRule(ExplorationKind Kind, double Floor, double Cap)
{
    /// <summary>Inverse gap weighting without floor and cap: what decisions were drawn by before others could be chosen.</summary>
    public static ExplorationRule InverseGap { get; } = new(ExplorationKind.InverseGap, 0, 1);
}
