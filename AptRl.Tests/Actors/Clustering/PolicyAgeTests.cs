using AptRl.Actors.Clustering;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Clustering;

public sealed class PolicyAgeTests
{
    [Fact]
    public void A_wall_clock_that_jumps_makes_no_policy_older_or_younger()
    {
        var clock = new TwoClocks();
        var age = new PolicyAge(clock, TimeSpan.FromSeconds(10));
        age.Level();
        clock.Elapsed = TimeSpan.FromSeconds(3);
        foreach (var hours in (int[])[-5, 5, 0])
        {
            clock.Wall = DateTimeOffset.UnixEpoch.AddYears(50).AddHours(hours);
            Assert.Equal((TimeSpan.FromSeconds(3), false), (age.Now, age.IsStale));
        }

        clock.Elapsed = TimeSpan.FromSeconds(11);
        Assert.True(age.IsStale);
        age.Level();
        Assert.Equal(TimeSpan.Zero, age.Now);
    }
}
