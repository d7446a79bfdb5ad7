using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Contracts;

/// <summary>What every recipe must do, whatever it learns.</summary>
[Collection("Torch")]
public sealed class RecipeContractTests
{
    private const int ItemCount = 30;

    private static readonly IRecipe[] All = [.. Recipes.All, .. Recipes.Heads, .. Recipes.Controls.TakeLast(1)];

    public static TheoryData<string> Names => [.. All.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_scores_every_item_for_every_question_and_alone_as_in_company(string name)
    {
        var training = Ring();
        var before = new NextItemTask("ring", training, []).Fingerprint();
        using var recommender = Fit(name, training);
        Question[] questions =
        [
            Asked(3, 4), Asked(), Asked(IndexedTouch.NoItem), Asked(5, IndexedTouch.NoItem, 6), Asked([.. Enumerable.Range(0, 1_000).Select(at => at % ItemCount)]),
        ];

        var together = Score(recommender, questions);
        for (var question = 0; question < questions.Length; question++)
        {
            var alone = Score(recommender, questions[question]);
            for (var item = 0; item < ItemCount; item++)
            {
                var (one, other) = (alone[item], together[question * ItemCount + item]);
                Assert.True(one == other || Math.Abs(one - other) <= 1e-3 * (1 + Math.Abs(one)), $"question {question}, item {item}: {one} alone, {other} in company");
            }
        }

        Assert.Equal(before, new NextItemTask("ring", training, []).Fingerprint());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_fits_the_same_model(string name)
    {
        using var one = Fit(name, Ring());
        using var other = Fit(name, Ring());

        Assert.Equal(Score(one, Asked(3, 4), Asked(7)), Score(other, Asked(3, 4), Asked(7)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_session_one_item_or_one_touch_each_is_enough(string name)
    {
        IndexedTouch[][][] scarce = [[Touches(0, 0)], [Touches(0, 0, 0)], [Touches(0, 0), Touches(1, 1), Touches(2, 0)], [Touches(0, [.. Enumerable.Range(0, 2_000).Select(at => at % ItemCount)])]];
        foreach (var sequences in scarce)
        {
            foreach (var rule in Enum.GetValues<HoldOutRule>())
            {
                using var recommender = Fit(name, Part(sequences, rule));
                Score(recommender, Asked(), Asked(0), Asked(IndexedTouch.NoItem));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_setting_can_be_tried_and_has_words_of_its_own(string name)
    {
        var recipe = All.Single(one => one.Name == name);
        Assert.Equal(recipe.Trials.Count, recipe.Trials.Distinct().Count());
        for (var trial = 0; trial < recipe.Trials.Count; trial++)
        {
            using var recommender = Fit(name, Ring(), trial);
            Score(recommender, Asked(1));
        }
    }

    private static IRecommender Fit(string name, TrainingPart training, int trial = 0)
        => All.Single(recipe => recipe.Name == name).Fit(training, trial, new FitContext(3, Quick: true, null, TestContext.Current.CancellationToken));

    /// <summary>Scores, and sees that every number was written and is one.</summary>
    private static float[] Score(IRecommender recommender, params Question[] questions)
    {
        var scores = new float[questions.Length * ItemCount];
        Array.Fill(scores, float.NaN);
        recommender.Score(questions, scores);
        Assert.All(scores, score => Assert.True(score < float.PositiveInfinity, $"a score is {score}"));
        return scores;
    }

    private static TrainingPart Ring()
        => Part([.. Enumerable.Range(0, 60).Select(at => Touches(at, [.. Enumerable.Range(at, 4).Select(item => item % ItemCount)]))], HoldOutRule.NewestSequences);

    private static TrainingPart Part(IndexedTouch[][] sequences, HoldOutRule rule)
        => new([.. Enumerable.Range(0, ItemCount).Select(item => new ItemId($"{item}"))], sequences, rule);

    private static IndexedTouch[] Touches(long seconds, params int[] items) => Array.ConvertAll(items, item => new IndexedTouch(item, (byte)InteractionKind.ViewItem, seconds));

    private static Question Asked(params int[] history) => new(Touches(60, history), 60);
}
