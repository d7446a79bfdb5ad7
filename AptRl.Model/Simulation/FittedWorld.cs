using System.Globalization;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>A shop's world whose items, popularity and categories are those of real sessions.</summary>
internal static class FittedWorld
{
    /// <summary>The world of this fit; what the fit does not say is drawn by the seed.</summary>
    public static ShopWorld Of(ulong seed, ShopFit fit)
    {
        var chance = new Chance(seed).Split("world");
        var count = fit.Items.Length;
        var appeals = chance.Split("appeals");
        double[] appeal = [.. fit.Categories.Select(_ => appeals.NextNormal())];
        var (quality, qualityAfter) = (new double[count], new double[count]);
        var catalogue = new Item[count];
        for (var item = 0; item < count; item++)
        {
            // Items stand in the order of their views, so an item's place is its rank.
            var draw = chance.Split("item").Split((ulong)item);
            var category = fit.CategoryOf[item];
            var known = DrawnWorld.Known(item, count) + DrawnWorld.CategoryAppeal * appeal[category];
            quality[item] = known + DrawnWorld.OwnAppeal * draw.NextNormal();
            catalogue[item] = new Item(
                fit.Items[item], Available: true, [string.Create(CultureInfo.InvariantCulture, $"category-{category:00}")], DrawnWorld.Price(ref draw));
            qualityAfter[item] = known + DrawnWorld.OwnAppeal * draw.NextNormal();
        }

        return new ShopWorld(
            [.. catalogue], fit.Categories, fit.Segments, fit.Directions, fit.CategoryOf, fit.Views, quality, qualityAfter, chance);
    }
}
