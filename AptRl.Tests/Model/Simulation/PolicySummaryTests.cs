using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Simulation;
using Xunit;

namespace AptRl.Tests.Model.Simulation;

public sealed class PolicySummaryTests
{
    [Fact]
    public void Shares_regret_and_recovery_by_hand()
    {
        // Steps of 1,000 page views; the oracle earns 400 in each. Before the drift at 3,000 the policy earns 0.8 of it, so that
        // 0.76 is recovered. After it: 0.5, 0.7, 0.74, 0.79. Of two steps in a row 0.7 + 0.74 are 0.72, 0.74 + 0.79 are 0.765: back
        // after the fourth.
        var run = Run([320, 320, 320, 200, 280, 296, 316], shoppers: 2);

        var summary = PolicySummary.Of("p", [run, run], driftAfter: 3_000, resamples: 100, new Chance(1));

        Assert.Equal((2, 1_000), (summary.Runs, summary.StepLength));
        Assert.Equal(2_052 / 7_000.0, summary.Ctr.Mean, 12);
        Assert.Equal(2_052 / 2_800.0, summary.OfOracle.Mean, 12);
        Assert.Equal(0.4, summary.OracleCtr, 12);
        Assert.Equal(2_800 - 2_052, summary.Regret.Mean, 9);
        Assert.Equal(0.8, summary.OfOracleBefore, 12);
        Assert.Equal(4_000, summary.RecoveryDecisions);
        Assert.Null(PolicySummary.Of("p", [Run([320, 320, 320, 200, 280, 296, 300], 2)], 3_000, 100, new Chance(1)).RecoveryDecisions);

        // Both runs and both shoppers of each are alike: nothing can vary.
        Assert.Equal(summary.Ctr.Low, summary.Ctr.High, 12);
    }

    [Fact]
    public void Runs_that_differ_widen_an_interval_more_than_shoppers_that_differ()
    {
        // Two runs of 100 shoppers with one page view each: clicked by all in one run and by none in the other.
        double[][] all = [.. Enumerable.Repeat(new double[] { 1, 1 }, 100)];
        double[][] none = [.. Enumerable.Repeat(new double[] { 0, 1 }, 100)];
        var apart = NestedBootstrap.OfRatios([all, none], [(0, 1)], 200, new Chance(1))[0];
        var mixed = NestedBootstrap.OfRatios([[.. all, .. none]], [(0, 1)], 200, new Chance(1))[0];

        Assert.Equal((0.5, 0.0, 1.0), (apart.Mean, apart.Low, apart.High));
        Assert.Equal(0.5, mixed.Mean);
        Assert.InRange(mixed.High - mixed.Low, 0.1, 0.2);
    }

    [Fact]
    public void Exposure_by_hand()
    {
        // Counts 0, 1, 3: Gini = (-2·0 + 0·1 + 2·3) / (3·4). Popularity 1, 1, 4: ln 4 weighs 3/4 by exposure and 1/3 in the catalogue.
        var exposure = Exposure.Of([1, 0, 3], [1, 1, 4], sameCategory: 0.25);

        Assert.Equal(2 / 3.0, exposure.Coverage, 12);
        Assert.Equal(0.5, exposure.Gini, 12);
        Assert.Equal(Math.Pow(4, 3 / 4.0 - 1 / 3.0), exposure.PopularityBias, 12);
        Assert.Equal(0.25, exposure.SameCategory);
    }

    [Fact]
    public void Narrowness_by_hand()
    {
        // Two categories of three liked alike, 0.3 of the sessions about any: 0.45, 0.45 and 0.1 give 0.2025 + 0.2025 + 0.01 = 0.415.
        var taste = new Taste([1], [0, 1], new WeightedDraw([1, 1]));
        var narrowness = new Narrowness(3, 0.3);
        Assert.Equal(1, narrowness.Ratio());

        // Three of one category and one of another: 3·2/(4·3) = 0.5.
        narrowness.Add("ann", taste, [0, 0]);
        narrowness.Add("ann", taste, [0, 1]);
        Assert.Equal(0.5 / 0.415, narrowness.Ratio(), 12);

        // Two of one category count half as much: (4·0.5 + 2·1)/(6·0.415).
        narrowness.Add("bob", taste, [2, 2]);
        Assert.Equal(4 / (6 * 0.415), narrowness.Ratio(), 12);
    }

    private static ShopRunResult Run(double[] expected, int shoppers)
    {
        double[] best = [.. expected.Select(_ => 400.0)];
        int[] views = [.. expected.Select(_ => 1_000)];
        var sums = new double[ShopRunResult.Columns];
        sums[ShopRunResult.PageViews] = views.Sum() / (double)shoppers;
        sums[ShopRunResult.ExpectedClicks] = expected.Sum() / shoppers;
        sums[ShopRunResult.BestClicks] = best.Sum() / shoppers;
        sums[ShopRunResult.Sessions] = 1;
        return new ShopRunResult
        {
            StepLength = 1_000,
            Expected = expected,
            Best = best,
            Views = views,
            ShopperSums = [.. Enumerable.Repeat(sums, shoppers)],
            Exposure = new Exposure(1, 0, 1, 0),
        };
    }
}
