using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Model.Recommenders;

[Collection("Torch")]
public sealed class LearnedRecipesTests
{
    private const int Original = 3;

    public static TheoryData<string> Names =>
        [.. Recipes.All.Select(recipe => recipe.Name).Intersect(
            ["popularity-7d", "repeat-last", "session-popularity", "markov", "item-knn", "ease-r", "bpr-mf", "ials", "ap-trl-algorithm-1", "ap-trl-algorithm-2"])];

    [Theory]
    [InlineData(EaseR.ExactItemsMax)]
    [InlineData(0)]
    public void Ease_votes_by_the_ridge_solution_of_two_items(int exactItemsMax)
    {
        // XᵀX = [3 2; 2 2] and λ = 100: a votes 2/103 for b, b votes 2/102 for a.
        var tiny = Tiny.Sessions("a b", "b a", "a");
        var model = tiny.Fit(new EaseR(exactItemsMax), Original);

        Assert.Equal(2 / 103.0, tiny.Score(model, "a", "b"), 5);
        Assert.Equal(2 / 102.0, tiny.Score(model, "b", "a"), 5);
    }

    [Fact]
    public void Ease_by_columns_is_ease_itself_where_all_items_fit_in_the_support()
    {
        // The one long session makes every pair of items meet.
        var tiny = Random(items: 40, sessions: 400, string.Join(' ', Enumerable.Range(0, 40).Select(i => $"i{i}")));
        var (exact, byColumn) = (tiny.Fit(new EaseR(), Original), tiny.Fit(new EaseR(0), Original));

        foreach (var history in new[] { "i3", "i3 i17 i8", "i0 i1 i2 i5 i30" })
        {
            Assert.All(tiny.Scores(exact, history).Zip(tiny.Scores(byColumn, history)), pair => Assert.Equal(pair.Item1, pair.Item2, 4e-6f));
        }
    }

    [Fact]
    public void Ease_returns_to_the_history_only_by_an_items_own_vote()
    {
        var tiny = Random(items: 10, sessions: 100);

        Assert.Equal("i4", tiny.Ranking(tiny.Fit(new EaseR(), 0), "i4").Split(' ')[0]);
        Assert.NotEqual("i4", tiny.Ranking(tiny.Fit(new EaseR(), Original), "i4").Split(' ')[0]);
    }

    [Fact]
    public void Ials_solves_a_row_of_few_touches_as_it_solves_a_row_of_many()
    {
        // The equation of the one item is that of one session, however many there are; above 128 it is solved the other way.
        var (few, many) = (Tiny.Sessions([.. Enumerable.Repeat("a", 100)]), Tiny.Sessions([.. Enumerable.Repeat("a", 200)]));
        var (ofFew, ofMany) = (few.Score(few.Fit(new ImplicitAls(), 0), "a", "a"), many.Score(many.Fit(new ImplicitAls(), 0), "a", "a"));

        Assert.Equal(ofFew, ofMany, 1e-5f);
        // The best product of one factor is 1/(1 + α) - λ, and every sweep comes nearer to it from below.
        Assert.InRange(ofFew, .5f, 1 / 1.0003f - .003f + 1e-4f);
    }

    [Theory]
    [InlineData("bpr-mf")]
    [InlineData("ials")]
    [InlineData("item-knn")]
    public void Two_shops_under_one_roof_are_kept_apart(string name)
    {
        var chance = new Chance(3);
        var tiny = Tiny.Sessions([.. Enumerable.Range(0, 400).Select(at =>
            string.Join(' ', Enumerable.Range(0, 4).Select(_ => $"{(at % 2 == 0 ? "left" : "right")}{chance.Next(8)}")))]);
        using var model = tiny.Fit(Recipes.All.Single(recipe => recipe.Name == name), 0);

        Assert.All(tiny.Ranking(model, "left1 left5").Split(' ')[..8], item => Assert.StartsWith("left", item, StringComparison.Ordinal));
        Assert.All(tiny.Ranking(model, "right2").Split(' ')[..8], item => Assert.StartsWith("right", item, StringComparison.Ordinal));
    }

    [Fact]
    public void Algorithm_1_finds_the_only_item_of_a_history()
    {
        var tiny = Random(items: 200, sessions: 300);
        var model = tiny.Fit(new ApTrlAlgorithm1(), 0);

        Assert.Equal("i42", tiny.Ranking(model, "i42").Split(' ')[0]);
        Assert.Equal("i7", tiny.Ranking(model, "i7 i7 i7").Split(' ')[0]);
    }

    [Fact]
    public void Algorithm_1_sees_the_last_twenty_and_their_order_only_by_positions()
    {
        var tiny = Random(items: 200, sessions: 300);
        var (plain, placed) = (tiny.Fit(new ApTrlAlgorithm1(), 0), tiny.Fit(new ApTrlAlgorithm1(), 1));
        var twenty = string.Join(' ', Enumerable.Range(50, 20).Select(i => $"i{i}"));

        Assert.Equal(tiny.Scores(plain, $"{twenty}"), tiny.Scores(plain, $"i1 i2 {twenty}"));
        Assert.All(tiny.Scores(plain, "i1 i2 i3").Zip(tiny.Scores(plain, "i3 i2 i1")), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-5f));
        Assert.Contains(tiny.Scores(placed, "i1 i2 i3").Zip(tiny.Scores(placed, "i3 i2 i1")), pair => Math.Abs(pair.Item1 - pair.Item2) > 1e-3f);
    }

    [Fact]
    public void Algorithm_2_walks_the_table_from_a_history_it_has_met_and_knows_nothing_of_another()
    {
        // Q(a, b) = 0.1, 0.19, 0.271 and Q(a, c) = 0.1; after a and b came d.
        var tiny = Tiny.Sessions("e e e e e", "a b", "a c", "a b", "a b d");
        var model = tiny.Fit(new ApTrlAlgorithm2(), 0);

        Assert.Equal("b d c e a", tiny.Ranking(model, "a"));
        Assert.Equal("e a b d c", tiny.Ranking(model, "c a"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_score_is_written_and_the_same_for_the_same_seed(string name)
    {
        var recipe = Recipes.All.Single(recipe => recipe.Name == name);
        var endless = string.Join(' ', Enumerable.Range(0, 10_000).Select(at => $"i{at * 7 % 30}"));
        foreach (var tiny in new[] { Tiny.Sessions("i0"), Tiny.Sessions("i0 i0"), Tiny.Sessions("i1 i2", "i0 i1", endless) })
        {
            Assert.Equal(4, recipe.Trials.Count);
            using var model = tiny.Fit(recipe, 2);
            using var again = tiny.Fit(recipe, 2);
            foreach (var history in new[] { "", "i0", "not-sold", "i1 not-sold i0", endless })
            {
                var scores = tiny.Scores(model, history);
                Assert.DoesNotContain(scores, float.IsNaN);
                Assert.Equal(scores, tiny.Scores(again, history));
            }
        }
    }

    private static Tiny Random(int items, int sessions, params string[] more)
    {
        var chance = new Chance(11);
        return Tiny.Sessions([.. Enumerable.Range(0, items).Select(i => $"i{i}"), .. more, .. Enumerable.Range(0, sessions).Select(_ =>
            string.Join(' ', Enumerable.Range(0, 2 + chance.Next(5)).Select(_ => $"i{Math.Min(chance.Next(items), chance.Next(items))}")))]);
    }
}
