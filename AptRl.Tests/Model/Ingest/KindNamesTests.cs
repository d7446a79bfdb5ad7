using AptRl.Model.Events;
using AptRl.Model.Ingest;
using Xunit;

namespace AptRl.Tests.Model.Ingest;

public sealed class KindNamesTests
{
    [Theory]
    [InlineData("view_item", InteractionKind.ViewItem)]
    [InlineData("view", InteractionKind.ViewItem)]
    [InlineData("Product Viewed", InteractionKind.ViewItem)]
    [InlineData("click", InteractionKind.SelectItem)]
    [InlineData("cart", InteractionKind.AddToCart)]
    [InlineData("addtocart", InteractionKind.AddToCart)]
    [InlineData("AddToCart", InteractionKind.AddToCart)]
    [InlineData("buy", InteractionKind.Purchase)]
    [InlineData("transaction", InteractionKind.Purchase)]
    [InlineData("ORDER COMPLETED", InteractionKind.Purchase)]
    [InlineData("fav", InteractionKind.AddToWishlist)]
    [InlineData("com.example.shop.view-item-list", InteractionKind.ViewItemList)]
    [InlineData("session_end", InteractionKind.SessionEnd)]
    public void A_word_from_a_shops_log_names_its_kind(string word, InteractionKind kind)
    {
        Assert.True(KindNames.TryParse(word, out var parsed));
        Assert.Equal(kind, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("_")]
    [InlineData("viewed_by_a_bot")]
    [InlineData("shop.")]
    public void A_word_that_nobody_uses_names_nothing(string word) => Assert.False(KindNames.TryParse(word, out _));

    [Fact]
    public void A_word_of_megabytes_names_nothing() => Assert.False(KindNames.TryParse(new string('v', 5_000_000), out _));

    [Fact]
    public void Every_name_of_every_kind_is_read_as_that_kind()
    {
        foreach (var kind in Enum.GetValues<InteractionKind>())
        {
            Assert.Equal(KindNames.Of(kind), KindNames.AllOf(kind)[0]);
            Assert.All(KindNames.AllOf(kind), name => Assert.Equal((true, kind), (KindNames.TryParse(name, out var parsed), parsed)));
        }
    }
}
