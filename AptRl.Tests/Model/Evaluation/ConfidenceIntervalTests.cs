using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using Xunit;

namespace AptRl.Tests.Model.Evaluation;

public sealed class ConfidenceIntervalTests
{
    [Fact]
    public void Wilson_of_8_in_10_is_what_the_formula_gives_by_hand()
    {
        var interval = WilsonInterval.Of(8, 10);

        // z² = 3.841459: centre 0.8 + 0.192073 = 0.992073, half 1.959964·√(0.016 + 0.009603647) = 0.313614, scale 1.3841459.
        Assert.Equal(0.8, interval.Mean, 12);
        Assert.Equal((0.992073 - 0.313614) / 1.3841459, interval.Low, 5);
        Assert.Equal((0.992073 + 0.313614) / 1.3841459, interval.High, 5);
    }

    [Fact]
    public void Wilson_stays_within_0_and_1_where_the_normal_interval_does_not()
    {
        // At p = 0 the upper bound is z²/(n + z²) = 3.841459/13.841459.
        var none = WilsonInterval.Of(0, 10);
        Assert.Equal((0.0, 0.0), (none.Mean, none.Low));
        Assert.Equal(3.841459 / 13.841459, none.High, 6);
        Assert.Equal(1, WilsonInterval.Of(10, 10).High, 12);
        Assert.Equal(new ConfidenceInterval(0, 0, 1), WilsonInterval.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(2, 1));
    }

    [Fact]
    public void Bootstrap_of_two_users_has_three_possible_ratios()
    {
        // Draws of two from {0/1, 1/1}: 0, 1/2, 1 with probability 1/4, 1/2, 1/4, so 2.5 % off either end leaves [0, 1].
        var interval = ClusteredBootstrap.Of([new Cluster(0, 1), new Cluster(1, 1)], 1_000, new Chance(1));

        Assert.Equal(new ConfidenceInterval(0.5, 0, 1), interval);
    }

    [Fact]
    public void Users_who_click_always_or_never_give_a_wider_interval_than_independent_page_views()
    {
        // 100 users with 20 page views each, 10 of whom click all: as clusters the standard error is √(0.1·0.9/100) = 0.03,
        // as 2,000 independent page views it would be √(0.1·0.9/2000) = 0.0067.
        var users = Enumerable.Range(0, 100).Select(user => new Cluster(user < 10 ? 20 : 0, 20)).ToArray();
        var clustered = ClusteredBootstrap.Of(users, 2_000, new Chance(7));
        var independent = WilsonInterval.Of(200, 2_000);

        Assert.Equal(2 * 1.96 * 0.03, clustered.High - clustered.Low, 0.015);
        Assert.Equal(2 * 1.96 * 0.0067, independent.High - independent.Low, 0.001);
    }

    [Fact]
    public void Bootstrap_that_cannot_vary_falls_back_to_Wilson_and_is_the_same_under_the_same_chance()
    {
        Assert.Equal(WilsonInterval.Of(0, 30), ClusteredBootstrap.Of([new Cluster(0, 10), new Cluster(0, 20)], 100, new Chance(1)));
        Assert.Equal(WilsonInterval.Of(3, 10), ClusteredBootstrap.Of([new Cluster(3, 10), new Cluster(0, 0)], 100, new Chance(1)));
        Assert.Equal(new ConfidenceInterval(0, 0, 1), ClusteredBootstrap.Of([], 100, new Chance(1)));

        var users = Enumerable.Range(1, 50).Select(user => new Cluster(user % 7, 10)).ToArray();
        Assert.Equal(ClusteredBootstrap.Of(users, 200, new Chance(3)), ClusteredBootstrap.Of(users, 200, new Chance(3)));
    }

    [Fact]
    public void Nineteen_in_twenty_intervals_hold_the_truth()
    {
        var world = new Chance(11);
        var held = 0;
        for (var repeat = 0; repeat < 200; repeat++)
        {
            // Each of 80 users clicks with a rate of its own, uniform on [0, 0.4]: the truth is 0.2.
            var users = new Cluster[80];
            for (var user = 0; user < users.Length; user++)
            {
                var rate = 0.4 * world.NextDouble();
                users[user] = new Cluster(Enumerable.Range(0, 10).Count(_ => world.NextDouble() < rate), 10);
            }

            var interval = ClusteredBootstrap.Of(users, 400, world.Split((ulong)repeat));
            held += interval.Low <= 0.2 && 0.2 <= interval.High ? 1 : 0;
        }

        // 190 expected; three standard errors are 3·√(200·0.95·0.05) = 9.2.
        Assert.InRange(held, 180, 200);
    }
}
