using System.Collections.Immutable;
using System.Globalization;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>A shop's world that is drawn from a seed: categories are random directions, popularity follows Zipf's law.</summary>
internal static class DrawnWorld
{
    public const int CategoryCount = 20;
    private const int SegmentCount = 5;
    private const int CategoriesPerSegment = CategoryCount / SegmentCount;
    private const int Width = 8;
    private const double ZipfExponent = 0.7;

    private static readonly ImmutableArray<string> CategoryNames =
    [
        "coats", "dresses", "shirts", "trousers", "boots", "sandals", "sneakers", "bags", "lamps", "chairs",
        "tables", "rugs", "phones", "headphones", "cameras", "watches", "novels", "comics", "cookbooks", "atlases",
    ];

    /// <summary>The world of this seed.</summary>
    public static ShopWorld Of(ulong seed, int itemCount)
    {
        var chance = new Chance(seed).Split("world");
        var directions = chance.Split("categories");
        float[][] categories = [.. Enumerable.Range(0, CategoryCount).Select(_ => Latent.Direction(Width, ref directions))];
        var appeals = chance.Split("appeals");
        double[] appeal = [.. Enumerable.Range(0, CategoryCount).Select(_ => appeals.NextNormal())];

        var ranks = Shuffled(itemCount, chance.Split("popularity"));
        int[] categoryOf = [.. Enumerable.Range(0, itemCount).Select(item => item % CategoryCount)];
        var items = new float[itemCount][];
        var (quality, qualityAfter) = (new double[itemCount], new double[itemCount]);
        var catalogue = ImmutableArray.CreateBuilder<Item>(itemCount);
        for (var item = 0; item < itemCount; item++)
        {
            var draw = chance.Split("item").Split((ulong)item);
            items[item] = Latent.Towards(categories[categoryOf[item]], 0.6, ref draw);
            var known = Known(ranks[item], itemCount) + CategoryAppeal * appeal[categoryOf[item]];
            quality[item] = known + OwnAppeal * draw.NextNormal();
            catalogue.Add(new Item(
                new ItemId(string.Create(CultureInfo.InvariantCulture, $"item-{item:000}")),
                Available: true,
                [CategoryNames[categoryOf[item]]],
                Price(ref draw)));
            qualityAfter[item] = known + OwnAppeal * draw.NextNormal();
        }

        int[][] segments = [.. Enumerable.Range(0, CategoryCount).Chunk(CategoriesPerSegment)];
        return new ShopWorld(
            catalogue.MoveToImmutable(), categories, segments, items, categoryOf,
            [.. ranks.Select(rank => Math.Pow(rank + 1, -ZipfExponent))], quality, qualityAfter, chance);
    }

    /// <summary>How far the appeals of categories scatter, in units of quality.</summary>
    internal const double CategoryAppeal = 0.4;

    /// <summary>How far an item's own appeal, which nothing else tells, scatters.</summary>
    internal const double OwnAppeal = 0.6;

    /// <summary>What popularity tells of quality: 0.45 · (log N - 1 - log(rank + 1)), rank from 0.</summary>
    internal static double Known(int rank, int itemCount) => 0.45 * (Math.Log(itemCount) - 1 - Math.Log(rank + 1));

    /// <summary>Log-normal around 20.</summary>
    internal static double Price(ref Chance chance) => Math.Round(Math.Exp(3 + 0.8 * chance.NextNormal()), 2);

    private static int[] Shuffled(int count, Chance chance)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var last = count - 1; last > 0; last--)
        {
            var other = chance.Next(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }
}
