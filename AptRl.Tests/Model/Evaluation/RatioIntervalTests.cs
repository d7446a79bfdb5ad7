using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using Xunit;

namespace AptRl.Tests.Model.Evaluation;

public sealed class RatioIntervalTests
{
    [Fact]
    public void Three_users_give_what_is_worked_out_by_hand()
    {
        // 1/2, 1/4 and 4/4: R = 6/10; residuals 1 - 1.2, 1 - 2.4, 4 - 2.4; squares 0.04 + 1.96 + 2.56 = 4.56;
        // times 3/2 is 6.84, its root 2.615339; times 1.959964 over 10 is 0.512597.
        var interval = RatioInterval.Of([1, 1, 4], [2, 4, 4]);
        Assert.Equal(0.6, interval.Mean, 12);
        Assert.Equal(0.6 - 0.512597, interval.Low, 6);
        Assert.Equal(0.6 + 0.512597, interval.High, 6);
    }

    [Fact]
    public void It_agrees_with_the_bootstrap_over_some_hundred_users()
    {
        var chance = new Chance(7);
        var clusters = Enumerable.Range(0, 400).Select(_ =>
        {
            var trials = 1 + (int)(chance.NextDouble() * 20);
            var rate = 0.1 + 0.3 * chance.NextDouble();
            return new Cluster(Enumerable.Range(0, trials).Count(_ => chance.NextDouble() < rate), trials);
        }).ToArray();

        var quick = RatioInterval.Of([.. clusters.Select(its => (double)its.Hits)], [.. clusters.Select(its => (double)its.Trials)]);
        var sampled = ClusteredBootstrap.Of(clusters, 2_000, new Chance(1));
        Assert.Equal(sampled.Low, quick.Low, 0.003);
        Assert.Equal(sampled.High, quick.High, 0.003);
    }

    [Fact]
    public void One_user_has_no_width_and_none_no_number()
    {
        Assert.Equal(new ConfidenceInterval(0.5, 0.5, 0.5), RatioInterval.Of([0, 1, 0], [0, 2, 0]));
        Assert.Equal(double.NaN, RatioInterval.Of([0], [0]).Mean);
    }
}
