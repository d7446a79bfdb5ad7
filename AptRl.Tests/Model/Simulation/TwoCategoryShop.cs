using AptRl.Model.Events;
using AptRl.Model.Simulation;

namespace AptRl.Tests.Model.Simulation;

/// <summary>A shop small enough to be solved by hand: one item in each of two categories, and everybody comes for the first.</summary>
/// <remarks>
/// Nobody tires of anything, a click always moves the session, it ends with 0.1 after a click and 0.25 after none. Qualities
/// are such that, as odds of half the click probability, a is 1/4 and b is 4/21 in a session about the first category:
/// a is clicked with 0.5 · 0.2 = 0.1 and b with 0.5 · 0.16 = 0.08. In one about the second, b's odds are e³ times as high.
/// </remarks>
internal static class TwoCategoryShop
{
    public static readonly ItemId First = new("a");
    public static readonly ItemId Second = new("b");

    public static SimulatedShop Open(ulong seed = 1) => new(
        new ShopOptions
        {
            Seed = seed,
            ShopperCount = 200,
            Shoppers = new ShopperOptions { FollowClick = 1, StrayIntent = 0, Satiation = 0, LeaveAfterClick = 0.1, LeaveAfterNone = 0.25 },
        },
        World());

    private static ShopWorld World() => new(
        [new Item(First, true, ["one"], 10), new Item(Second, true, ["two"], 10)],
        categories: [[1, 0], [0, 1]], segments: [[0]], items: [[1, 0], [0, 1]], categoryOf: [0, 1], popularity: [1, 1],
        quality: Quality, qualityAfter: Quality, new Chance(1))
    {
        TasteNoise = 0,
    };

    // Logits there: -5.5 + 1.6 (taste) + 3 (category) + 0.8 q for a, -5.5 + 0.8 q for b.
    private static double[] Quality => [(Math.Log(1 / 4.0) + 0.9) / 0.8, (Math.Log(4 / 21.0) + 5.5) / 0.8];
}
