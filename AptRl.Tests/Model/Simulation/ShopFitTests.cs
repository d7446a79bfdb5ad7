using System.Globalization;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using AptRl.Model.Simulation;
using Xunit;

namespace AptRl.Tests.Model.Simulation;

public sealed class ShopFitTests
{
    [Fact]
    public void A_shop_takes_popularity_categories_and_session_length_from_sessions()
    {
        // Twenty groups of three items, and sessions of four views that stay in their group. Item 0 is viewed most.
        var chance = new Chance(4);
        var sessions = new List<IndexedTouch[]>();
        for (var session = 0; session < 1_200; session++)
        {
            var group = session % 20;
            sessions.Add([.. Enumerable.Range(0, 4).Select(view => new IndexedTouch(view == 0 && group == 0 ? 0 : 3 * group + chance.Next(3), (byte)InteractionKind.ViewItem, session))]);
        }

        var training = new TrainingPart([.. Enumerable.Range(0, 60).Select(item => new ItemId($"i{item:00}"))], sessions, HoldOutRule.NewestSequences);
        var fit = ShopFit.To(training, 60, new FitContext(1, Quick: false, Progress: null, CancellationToken.None));

        Assert.Equal((1_200, 4.0, 60), (fit.Sessions, fit.SessionLength, fit.Items.Length));
        Assert.Equal(new ItemId("i00"), fit.Items[0]);
        Assert.Equal(fit.Views.OrderDescending(), fit.Views);

        // Sessions of 4 views that end after each turn with 0.25 have 4 turns: 1 + 4x = 4, x = 0.75, p = 0.75/1.75.
        Assert.Equal(0.75 / 1.75, fit.BrowseMore(0.25), 12);
        Assert.Equal(Enumerable.Range(0, 20), fit.Segments.SelectMany(segment => segment).Order());
        var together = Enumerable.Range(0, 60).Select(place => (Group: int.Parse(fit.Items[place].Value[1..], CultureInfo.InvariantCulture) / 3, Category: fit.CategoryOf[place]))
            .GroupBy(item => item.Group).Count(group => group.Select(item => item.Category).Distinct().Count() == 1);
        Assert.True(together >= 16, $"{together} of 20 groups are whole in one category");

        var shop = new SimulatedShop(new ShopOptions { Seed = 2, ShopperCount = 50 }, fit);
        var view = shop.NextTurn()!.View;
        Assert.Equal(fit.Items, shop.Catalogue.Select(item => item.Id));
        Assert.True(shop.ExpectedCtr(view, shop.OracleSlate(view, 6)) > 0);
    }

    [Fact]
    public void Too_few_items_are_refused_with_the_way_out()
    {
        var training = new TrainingPart([new ItemId("a")], [[new IndexedTouch(0, (byte)InteractionKind.ViewItem, 0)]], HoldOutRule.NewestSequences);
        var fault = Assert.Throws<InvalidDataException>(() => ShopFit.To(training, 500, new FitContext(1, false, null, CancellationToken.None)));
        Assert.Contains("1 items were viewed, a shop of 20 categories needs 40", fault.Message, StringComparison.Ordinal);
    }
}
