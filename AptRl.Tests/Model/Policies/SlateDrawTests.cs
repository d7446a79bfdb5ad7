using AptRl.Model.Events;
using AptRl.Model.Policies;
using Xunit;

namespace AptRl.Tests.Model.Policies;

public sealed class SlateDrawTests
{
    [Fact]
    public void Propensities_by_hand()
    {
        // Scores 1, 0.5, 0; γ = 4. First position, M = 3: p = 1/(3 + 4·0.5) = 0.2 and 1/(3 + 4) = 1/7, the best has the rest.
        double[] first = [1 - 0.2 - 1.0 / 7, 0.2, 1.0 / 7];
        for (var seed = 0UL; seed < 200; seed++)
        {
            var slate = SlateDraw.Draw([1f, 0.5f, 0f], 4, 3, new Chance(seed));
            Assert.Equal(first[slate[0].Candidate], slate[0].Propensity, 12);
            if (slate[0].Candidate == 0)
            {
                // Left are 0.5 and 0, M = 2: p(0) = 1/(2 + 4·0.5) = 0.25.
                Assert.Equal(slate[1].Candidate == 1 ? 0.75 : 0.25, slate[1].Propensity, 12);
            }

            Assert.Equal(1, slate[2].Propensity, 12);
            Assert.Equal(3, slate.Select(drawn => drawn.Candidate).Distinct().Count());
        }
    }

    [Fact]
    public void Frequencies_are_the_propensities()
    {
        const int Draws = 20_000;
        var counts = new int[3];
        for (var seed = 0UL; seed < Draws; seed++)
        {
            counts[SlateDraw.Draw([1f, 0.5f, 0f], 4, 1, new Chance(seed))[0].Candidate]++;
        }

        double[] expected = [1 - 0.2 - 1.0 / 7, 0.2, 1.0 / 7];
        for (var i = 0; i < 3; i++)
        {
            var error = Math.Sqrt(expected[i] * (1 - expected[i]) / Draws);
            Assert.InRange(counts[i] / (double)Draws, expected[i] - 4 * error, expected[i] + 4 * error);
        }
    }

    [Fact]
    public void Gamma_0_is_uniform_and_a_very_large_one_greedy()
    {
        Assert.Equal(1.0 / 3, SlateDraw.Draw([3f, 2f, 1f], 0, 1, new Chance(5))[0].Propensity, 12);
        Assert.Equal([0, 1, 2], SlateDraw.Draw([3f, 2f, 1f], SlateDraw.Greedy, 3, new Chance(5)).Select(drawn => drawn.Candidate));
    }

    [Fact]
    public void Explored_is_what_stands_where_something_better_was_left()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var slate = SlateDraw.Draw([2f, 1f], 1, 2, new Chance(seed));
            Assert.Equal(slate[0].Candidate == 1, slate[0].Explored);
            Assert.False(slate[1].Explored);
        }
    }

    [Fact]
    public void The_same_key_draws_the_same_slate()
        => Assert.Equal(SlateDraw.Draw([3f, 2f, 1f, 0f], 1, 4, new Chance(77)), SlateDraw.Draw([3f, 2f, 1f, 0f], 1, 4, new Chance(77)));

    [Theory]
    [InlineData(float.NaN, 0f, 1.0)]
    [InlineData(0f, 1f, 1.0)]
    [InlineData(1f, 0f, -1.0)]
    [InlineData(1f, 0f, double.NaN)]
    public void What_is_no_score_in_order_or_no_gamma_is_refused(float first, float second, double gamma)
        => Assert.Throws<ArgumentException>(() => SlateDraw.Draw([first, second], gamma, 1, new Chance(1)));

    [Fact]
    public void No_candidates_make_an_empty_slate()
        => Assert.Empty(SlateDraw.Draw([], 1, 5, new Chance(1)));
}
