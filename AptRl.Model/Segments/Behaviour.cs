namespace AptRl.Model.Segments;

/// <summary>What distinguishes shoppers in words, beside which items they like.</summary>
/// <remarks>Each is measured on the touches of one user's window, and has a word for much and a word for little.</remarks>
public enum Behaviour
{
    /// <summary>Share of touches that are purchases.</summary>
    Purchases,

    /// <summary>Share of touches that put something in the cart or on the wish list.</summary>
    Carts,

    /// <summary>Share of touches whose item was touched before.</summary>
    Returns,

    /// <summary>log₂(1 + touches).</summary>
    Length,

    /// <summary>log₂(1 + touches per session), a session ending with a gap of 30 minutes.</summary>
    Depth,

    /// <summary>log₂(1 + days since the newest touch).</summary>
    Absence,

    /// <summary>Mean of log₂(1 + how often the item was touched by all).</summary>
    Popularity,
}
