namespace AptRl.Model.Learning;

/// <summary>What came of showing an item, as the learner counts it.</summary>
/// <remarks>The numbers are a wire format and an index into statistics: add to them, never change them.</remarks>
public enum RewardType
{
    /// <summary>It was opened.</summary>
    Click = 0,

    /// <summary>It was put in the cart or on the wish list.</summary>
    Cart = 1,

    /// <summary>It was bought.</summary>
    Purchase = 2,

    /// <summary>It was waved away.</summary>
    Dismiss = 3,

    /// <summary>The user left with it on the page; shared out over the slate.</summary>
    Leave = 4,

    /// <summary>The money of a purchase, in units of its table (<see cref="RewardTable.ValueUnit"/>).</summary>
    Value = 5,

    /// <summary>The value of the slate that the user was shown next in the session: what the target of temporal differences adds.</summary>
    Next = 6,
}
