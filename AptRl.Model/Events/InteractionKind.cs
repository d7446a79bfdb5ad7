namespace AptRl.Model.Events;

/// <summary>What a user did, in GA4's words and two of ours (dismiss, session end).</summary>
/// <remarks>The numbers are a wire format: add to them, never change them.</remarks>
public enum InteractionKind
{
    /// <summary>An item's page was opened.</summary>
    ViewItem = 1,

    /// <summary>Items were shown in a list: an impression, which enters no window.</summary>
    ViewItemList = 2,

    /// <summary>An item was clicked in a list.</summary>
    SelectItem = 3,

    /// <summary>An item was put in the cart.</summary>
    AddToCart = 4,

    /// <summary>An item was taken out of the cart.</summary>
    RemoveFromCart = 5,

    /// <summary>An item was put on the wish list.</summary>
    AddToWishlist = 6,

    /// <summary>Checkout began.</summary>
    BeginCheckout = 7,

    /// <summary>Items were bought.</summary>
    Purchase = 8,

    /// <summary>A purchase was taken back.</summary>
    Refund = 9,

    /// <summary>The user searched; the query text is in <see cref="Interaction.Query"/>.</summary>
    Search = 10,

    /// <summary>An item was rated; the rating is in <see cref="Interaction.Value"/>.</summary>
    Review = 11,

    /// <summary>A shown item was waved away.</summary>
    Dismiss = 12,

    /// <summary>The user left (closed the app): a negative reward for what was shown last.</summary>
    SessionEnd = 13,
}
