using System.Collections.Frozen;
using AptRl.Model.Events;

namespace AptRl.Model.Ingest;

/// <summary>The words a shop may use for what a user did: GA4's names, and the aliases that people have in their logs.</summary>
/// <remarks>
/// Case, spaces, underscores and hyphens do not count: <c>Product Viewed</c>, <c>product_viewed</c> and
/// <c>ProductViewed</c> are one word. Of a qualified name such as <c>com.shop.view_item</c> the last part decides.
/// </remarks>
public static class KindNames
{
    private static readonly (InteractionKind Kind, string[] Names)[] Vocabulary =
    [
        (InteractionKind.ViewItem, ["view_item", "view", "viewed", "pv", "detail", "view_content", "item_view", "item_viewed", "product_view", "product_viewed", "view_product", "product_detail_view"]),
        (InteractionKind.ViewItemList, ["view_item_list", "impression", "impressions", "shown", "item_impression", "product_impression", "product_list_viewed"]),
        (InteractionKind.SelectItem, ["select_item", "click", "clicked", "select", "item_click", "item_clicked", "product_click", "product_clicked"]),
        (InteractionKind.AddToCart, ["add_to_cart", "cart", "basket", "cart_add", "add_cart", "add_to_basket", "product_added"]),
        (InteractionKind.RemoveFromCart, ["remove_from_cart", "uncart", "cart_remove", "remove_cart", "remove_from_basket", "product_removed"]),
        (InteractionKind.AddToWishlist, ["add_to_wishlist", "wishlist", "fav", "favorite", "favourite", "like", "bookmark", "product_added_to_wishlist"]),
        (InteractionKind.BeginCheckout, ["begin_checkout", "checkout", "start_checkout", "initiate_checkout", "checkout_started"]),
        (InteractionKind.Purchase, ["purchase", "purchased", "buy", "bought", "transaction", "order", "sale", "order_completed"]),
        (InteractionKind.Refund, ["refund", "refunded", "return", "order_refunded"]),
        (InteractionKind.Search, ["search", "searched", "site_search", "view_search_results", "products_searched"]),
        (InteractionKind.Review, ["review", "reviewed", "rate", "rating", "rated", "product_reviewed"]),
        (InteractionKind.Dismiss, ["dismiss", "dismissed", "hide", "dislike", "not_interested"]),
        (InteractionKind.SessionEnd, ["session_end", "session_ended", "app_closed", "application_backgrounded", "exit", "leave"]),
    ];

    private static readonly FrozenDictionary<string, InteractionKind> ByName = Vocabulary
        .SelectMany(entry => entry.Names.Select(name => KeyValuePair.Create(PlainName.Of(name), entry.Kind)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<InteractionKind, string> ByKind = Vocabulary.ToFrozenDictionary(entry => entry.Kind, entry => entry.Names[0]);

    private static readonly FrozenDictionary<string, InteractionKind>.AlternateLookup<ReadOnlySpan<char>> BySpan = ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>GA4's name of a kind, such as <c>view_item</c>: what we write.</summary>
    public static string Of(InteractionKind kind) => ByKind[kind];

    /// <summary>All names that are taken for a kind, ours first.</summary>
    public static IReadOnlyList<string> AllOf(InteractionKind kind) => Array.AsReadOnly(Vocabulary.Single(entry => entry.Kind == kind).Names);

    /// <summary>Reads a name; false where it is in no vocabulary that we know.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InteractionKind kind)
    {
        Span<char> plain = stackalloc char[PlainName.LengthMax];
        if (BySpan.TryGetValue(PlainName.Write(text, plain), out kind))
        {
            return true;
        }

        var last = text.LastIndexOfAny('.', '/', ':');
        return last >= 0 && BySpan.TryGetValue(PlainName.Write(text[(last + 1)..], plain), out kind);
    }
}
