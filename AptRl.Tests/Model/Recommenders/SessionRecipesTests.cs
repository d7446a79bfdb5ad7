using AptRl.Model.Datasets;
using AptRl.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Model.Recommenders;

public sealed class SessionRecipesTests
{
    public static TheoryData<IRecipe> Recipes => [new VmisKnnRecipe(), new StanRecipe(), new SessionNeighboursRecipe()];

    [Fact]
    public void Vmis_knn_by_hand()
    {
        // Asked 2, 1: 1 weighs (2 - 0)/2 = 1, 2 weighs (2 - 1)/2 = 1/2. Session 0 (1 3): 1 · (1 - 0.1 · 1) = 0.9, times
        // log(3/1) for 3. Session 1 (2 4): 0.5 · (1 - 0.1 · 2) = 0.4, times log(3/1) for 4. Item 1 is in two sessions:
        // log(3/2) · (0.9 + 0.9).
        var scores = Scores(new VmisKnnRecipe(), [[1, 3], [2, 4], [1]], [2, 1]);
        Assert.Equal(0.9 * Math.Log(3), scores[3], 4);
        Assert.Equal(0.4 * Math.Log(3), scores[4], 4);
        Assert.Equal(1.8 * Math.Log(1.5), scores[1], 4);
        Assert.Equal(float.NegativeInfinity, scores[0]);
    }

    [Fact]
    public void Stan_by_hand()
    {
        // Sessions end at seconds 0 and 1, the span is 1; asked at second 2. Asked 1, 2: weights e^(-1/λ₁) and 1.
        // Session 0 (2 3): 1/√2 · e^(-2/λ₂); 3 is a step from 2: e^(-1/λ₃). Session 1 (1 4 5 4), 3 different
        // items: e^(-1/λ₁)/√3 · e^(-1/λ₂); 5 is two steps from 1, the last touch of 4 three.
        // The first trial has λ₁ = 2, λ₂ = 1 span and λ₃ = 2.
        var recipe = new StanRecipe();
        var (query, age, step) = (2.0, 1.0, 2.0);
        Assert.Contains("λ₁ = 2, λ₂ = 1 of the span, λ₃ = 2", recipe.Trials[0], StringComparison.Ordinal);
        var scores = Scores(recipe, [[2, 3], [1, 4, 5, 4]], [1, 2]);
        Assert.Equal(Math.Exp(-2 / age) / Math.Sqrt(2), scores[2], 4);
        Assert.Equal(Math.Exp(-2 / age - 1 / step) / Math.Sqrt(2), scores[3], 4);
        Assert.Equal(Math.Exp(-1 / query - 1 / age - 2 / step) / Math.Sqrt(3), scores[5], 4);
        Assert.Equal(Math.Exp(-1 / query - 1 / age - 3 / step) / Math.Sqrt(3), scores[4], 4);
        Assert.Equal(float.NegativeInfinity, scores[0]);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_trial_scores_the_awkward_questions(IRecipe recipe)
    {
        int[] long10000 = [.. Enumerable.Range(0, 10_000).Select(touch => touch % 7)];
        for (var trial = 0; trial < recipe.Trials.Count; trial++)
        {
            foreach (var question in (int[][])[[], [-1], [6], [0, -1, 1, 1], long10000])
            {
                var scores = Scores(recipe, [[0], long10000, [0, 1]], question, trial);
                Assert.DoesNotContain(scores, float.IsNaN);
                Assert.DoesNotContain(scores, float.IsPositiveInfinity);
                Assert.Equal(question is [] or [-1], scores.All(float.IsNegativeInfinity));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Many_questions_at_once_score_as_one_by_one(IRecipe recipe)
    {
        var training = Training([[0, 1, 2], [1, 3], [2, 3, 4], [4, 0]]);
        using var recommender = recipe.Fit(training, 0, new FitContext(1, false, null, TestContext.Current.CancellationToken));
        Question[] questions = [Asked([0, 1], 9), Asked([3], 9), Asked([], 9)];
        var items = training.Items.Length;
        var together = new float[3 * items];
        recommender.Score(questions, together);
        for (var question = 0; question < 3; question++)
        {
            var alone = new float[items];
            recommender.Score([questions[question]], alone);
            Assert.Equal(alone, together[(items * question)..(items * question + items)]);
        }
    }

    private static float[] Scores(IRecipe recipe, int[][] sessions, int[] history, int trial = 0)
    {
        var training = Training(sessions);
        using var recommender = recipe.Fit(training, trial, new FitContext(1, false, null, TestContext.Current.CancellationToken));
        var scores = new float[training.Items.Length];
        recommender.Score([Asked(history, sessions.Length)], scores);
        return scores;
    }

    private static TrainingPart Training(int[][] sessions)
        => new(
            [.. Enumerable.Range(0, Math.Max(5, sessions.Max(items => items.Max())) + 1).Select(item => new AptRl.Model.Events.ItemId($"{item}"))],
            [.. sessions.Select((items, seconds) => Touches(items, seconds))], HoldOutRule.NewestSequences);

    private static Question Asked(int[] history, long seconds) => new(Touches(history, seconds), seconds);

    private static IndexedTouch[] Touches(int[] items, long seconds) => [.. items.Select(item => new IndexedTouch(item, 1, seconds))];
}
