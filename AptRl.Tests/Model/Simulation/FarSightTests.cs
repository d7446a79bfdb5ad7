using AptRl.Model.Simulation;
using AptRl.Model.Simulation.Shopkeepers;
using Xunit;

namespace AptRl.Tests.Model.Simulation;

public sealed class FarSightTests
{
    // Greedy shows a as long as the session is about its category, and a click on it changes nothing:
    // V = 0.1·(1 + 0.9 V) + 0.9·0.75·V, so V = 0.1 / (1 - 0.09 - 0.675) = 0.1 / 0.235.
    private const double Greedy = 0.1 / 0.235;

    // Far-sighted shows b. Once it is clicked the session is about b's category, where b's odds are 4/21·e³ = 3.8258 and its
    // click probability 0.5·3.8258/4.8258 = 0.39639: W = 0.39639·(1 + 0.9 W) + 0.60361·0.75·W, so W = 0.39639 / 0.19054 = 2.0803.
    // V = 0.08·(1 + 0.9 W) + 0.92·0.75·V, so V = 0.08·2.8723 / 0.31 = 0.7412.
    private const double FarSighted = 0.7412;

    [Fact]
    public void What_is_clicked_most_now_earns_less_over_the_session_than_what_leads_somewhere_better()
    {
        var shop = TwoCategoryShop.Open();
        var view = shop.NextTurn()!.View;
        Assert.Equal(0.1, shop.ClickProbability(view, TwoCategoryShop.First, 0), 6);
        Assert.Equal(0.08, shop.ClickProbability(view, TwoCategoryShop.Second, 0), 6);
        Assert.Equal([TwoCategoryShop.First], shop.OracleSlate(view, 1));

        var plan = new ShopPlan(shop.World, shop.Habits);
        Assert.Equal(Greedy, plan.SolveGreedy(shop.TasteOf(view), false, 1)[0], 4);
        Assert.Equal(FarSighted, plan.Solve(shop.TasteOf(view), false, 1)[0], 4);
        Assert.Equal([TwoCategoryShop.Second], new OracleShopkeeper(shop, farSighted: true).Fill([view], 1)[0].Items);
    }

    [Theory]
    [InlineData(false, Greedy)]
    [InlineData(true, FarSighted)]
    public void Sessions_earn_in_the_mean_what_was_worked_out_by_hand(bool farSighted, double clicks)
    {
        var shop = TwoCategoryShop.Open();
        using var oracle = new OracleShopkeeper(shop, farSighted);
        var result = ShopRun.Of(shop, oracle, new ShopRunOptions { Decisions = 40_000, SlateLength = 1, History = 0 }, null, CancellationToken.None);

        var sessions = result.ShopperSums.Sum(sums => sums[ShopRunResult.Sessions]);
        var mean = result.ShopperSums.Sum(sums => sums[ShopRunResult.Clicks]) / sessions;

        // Clicks of a session scatter by less than 1.6, so that the mean of some 9,000 scatters by less than 0.017.
        Assert.True(Math.Abs(mean - clicks) < 0.05, $"{mean} clicks in a session, {clicks} expected, over {sessions} sessions");
    }
}
