namespace AptRl.Client;

/// <summary>What shoppers do, in GA4's names; <see cref="Dismiss"/> and <see cref="SessionEnd"/> are AptRl's own.</summary>
public static class EventTypes
{
    /// <summary>An item's page was opened.</summary>
    public const string ViewItem = "view_item";

    /// <summary>Items were shown.</summary>
    public const string ViewItemList = "view_item_list";

    /// <summary>An item of a list was clicked.</summary>
    public const string SelectItem = "select_item";

    /// <summary>An item was put into the cart.</summary>
    public const string AddToCart = "add_to_cart";

    /// <summary>An item was taken out of the cart.</summary>
    public const string RemoveFromCart = "remove_from_cart";

    /// <summary>An item was put on the wish list.</summary>
    public const string AddToWishlist = "add_to_wishlist";

    /// <summary>The way to pay was begun.</summary>
    public const string BeginCheckout = "begin_checkout";

    /// <summary>Items were bought.</summary>
    public const string Purchase = "purchase";

    /// <summary>Items were given back.</summary>
    public const string Refund = "refund";

    /// <summary>Something was searched for.</summary>
    public const string Search = "search";

    /// <summary>An item was rated.</summary>
    public const string Review = "review";

    /// <summary>An item was waved away.</summary>
    public const string Dismiss = "dismiss";

    /// <summary>The shopper left.</summary>
    public const string SessionEnd = "session_end";
}
