using AptRl.Model.Events;
using AptRl.Model.Simulation;

namespace AptRl.Tests.Model.Simulation;

/// <summary>Twelve items of one category, alike in all but their own appeal: two are clicked with 0.3 where they are looked at, the others with 0.03.</summary>
/// <remarks>When fashion moves, two others are the good ones. The best slate of two earns 1 - 0.7·(1 - 0.8·0.3) = 0.468.</remarks>
internal static class TwelveItemShop
{
    public static SimulatedShop Open() => new(
        new ShopOptions { Seed = 1, ShopperCount = 60, FashionMoves = true, Shoppers = new ShopperOptions { StrayIntent = 0, Satiation = 0 } },
        new ShopWorld(
            [.. Enumerable.Range(0, 12).Select(item => new Item(new ItemId($"item-{item:00}"), true, ["only"], 10))],
            categories: [[1, 0]], segments: [[0]], items: [.. Enumerable.Range(0, 12).Select(_ => new float[] { 1, 0 })],
            categoryOf: new int[12], popularity: [.. Enumerable.Repeat(1.0, 12)],
            quality: Qualities(3, 4), qualityAfter: Qualities(8, 9), new Chance(1))
        {
            TasteNoise = 0,
        });

    // Logit -5.5 + 1.6 (taste) + 3 (category) + 0.8 q; odds 0.6/0.4 make 0.5 · 0.6, odds 0.06/0.94 make 0.5 · 0.06.
    private static double[] Qualities(int one, int other)
        => [.. Enumerable.Range(0, 12).Select(item => (Math.Log(item == one || item == other ? 0.6 / 0.4 : 0.06 / 0.94) + 0.9) / 0.8)];
}
