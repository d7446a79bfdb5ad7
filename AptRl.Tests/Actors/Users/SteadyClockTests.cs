using AptRl.Actors.Users;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Users;

public sealed class SteadyClockTests
{
    [Fact]
    public void A_clock_that_jumps_a_year_ahead_makes_nobody_a_user_of_long_ago()
    {
        var clock = new TwoClocks { Wall = Sample.Noon };
        var steady = new SteadyClock(clock);
        clock.Elapsed = TimeSpan.FromHours(2);
        foreach (var days in (int[])[365, -365, 0])
        {
            clock.Wall = Sample.Noon.AddDays(days);
            Assert.Equal(Sample.Noon.AddHours(2), steady.GetUtcNow());
        }
    }
}
