using AptRl.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Model.Recommenders;

public sealed class CountingRecipesTests
{
    private const long Day = 86_400;
    private const long Start = 1_700_000_000;

    [Fact]
    public void What_is_older_than_seven_days_counts_only_where_nothing_newer_does()
    {
        var tiny = Tiny.At(("a a a a", Start), ("b", Start + 10 * Day), ("c c", Start + 16 * Day));

        Assert.Equal("c b a", tiny.Ranking(tiny.Fit(new Popularity7Days(), 0), ""));
    }

    [Fact]
    public void A_half_life_lets_two_new_touches_outweigh_three_old_ones()
    {
        // Six days old, halving in 3.5: 3 · ½^(6/3.5) = 0.91 < 2.
        var tiny = Tiny.At(("a a a", Start), ("b b", Start + 6 * Day));

        Assert.Equal("a b", tiny.Ranking(tiny.Fit(new Popularity7Days(), 0), ""));
        Assert.Equal("b a", tiny.Ranking(tiny.Fit(new Popularity7Days(), 1), ""));
    }

    [Fact]
    public void Without_times_the_newest_tenth_of_the_touches_is_of_late()
    {
        // 20 touches: the newest two are those of the last session.
        var tiny = Tiny.Sessions([.. Enumerable.Repeat("a b", 9), "c d"]);

        Assert.Equal("c d a b", tiny.Ranking(tiny.Fit(new Popularity7Days(), 0), ""));
    }

    [Fact]
    public void Repeats_come_newest_first_and_each_once_before_what_is_popular()
    {
        var tiny = Tiny.Sessions("d d d", "e e", "a", "b", "c");

        Assert.Equal("a b c d e", tiny.Ranking(tiny.Fit(new RepeatLast(), 3), "a b a c"));
        Assert.Equal("c a b d e", tiny.Ranking(tiny.Fit(new RepeatLast(), 2), "a b a c"));
    }

    [Fact]
    public void Session_popularity_counts_the_history_and_breaks_ties_by_all_histories()
    {
        var tiny = Tiny.Sessions("c c", "a", "b", "d d d");

        Assert.Equal("b c a d", tiny.Ranking(tiny.Fit(new SessionPopularity(), 1), "a b b c"));
        // Halving every 2 touches: a ½^½ + 1 = 1.71 beats b ½¹·⁵ + ½¹ = 0.85.
        Assert.Equal("a b d c", tiny.Ranking(tiny.Fit(new SessionPopularity(), 3), "b b a a"));
    }

    [Fact]
    public void Markov_scores_what_followed_the_last_item_by_its_share()
    {
        var tiny = Tiny.Sessions("a b", "a b", "a c", "b c d");
        var last = tiny.Fit(new Markov(), 1);

        Assert.Equal(2 / 3.0, tiny.Score(last, "d a", "b"), 5);
        Assert.Equal(1 / 3.0, tiny.Score(last, "d a", "c"), 5);
        Assert.Equal("b c a d", tiny.Ranking(last, "a"));
        // Half of what follows the touch before: c = 1/3 + 1/2 · 1, b = 2/3.
        var mixed = tiny.Fit(new Markov(), 3);
        Assert.Equal(5 / 6.0, tiny.Score(mixed, "b a", "c"), 5);
        Assert.Equal("c b a d", tiny.Ranking(mixed, "b a"));
    }

    [Fact]
    public void Item_knn_scores_by_the_regularised_cosine_of_sessions()
    {
        // a is in 2 sessions, b in 3 and c in 3; a meets b twice and c once.
        var tiny = Tiny.Sessions("a b a", "a b c", "b c", "c d");
        var last = tiny.Fit(new ItemKnn(), 1);

        Assert.Equal(2 / Math.Sqrt(22 * 23), tiny.Score(last, "d a", "b"), 5);
        Assert.Equal(1 / Math.Sqrt(22 * 23), tiny.Score(last, "d a", "c"), 5);
        Assert.True(tiny.Score(last, "d a", "d") < 0);
        // The whole history: d, one item older, counts 0.7; its similarity to c is 1/√(21 · 23). a is like itself by 2/22.
        var all = tiny.Fit(new ItemKnn(), 0);
        Assert.Equal(1 / Math.Sqrt(22 * 23) + .7 / Math.Sqrt(21 * 23), tiny.Score(all, "d a", "c"), 5);
        Assert.Equal(2 / 22.0, tiny.Score(all, "d a", "a"), 5);
    }
}
