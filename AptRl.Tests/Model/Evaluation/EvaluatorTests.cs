using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Evaluation;

public sealed class EvaluatorTests
{
    [Fact]
    public void The_setting_that_is_best_on_validation_is_fitted_to_everything_and_judged()
    {
        var recipe = new ShiftRecipe("shift", 3, 2, 1);
        var report = new Evaluator(Ring(), new EvaluationOptions { Trials = 5, Seeds = 2, Seed = 8 }).Evaluate(recipe, null, TestContext.Current.CancellationToken);

        // Three settings there are; after item i comes i + 1, which the third knows.
        Assert.Equal(["shift 3", "shift 2", "shift 1"], report.Trials.Select(trial => trial.Settings));
        Assert.Equal([0.0, 0.0, 1.0], report.Trials.Select(trial => trial.ReciprocalRankAt20));
        Assert.Equal("shift 1", report.Settings);
        Assert.Equal([(0, 8UL, 18), (1, 8UL, 18), (2, 8UL, 18), (2, 8UL, 20), (2, 9UL, 20)], recipe.Fits);
        Assert.Equal(2, report.Seeds.Length);
        Assert.All(report.Seeds.SelectMany(seed => seed.Answers), answer => Assert.Equal(1, answer.Rank));
        Assert.True(report.PeakMemoryMegabytes > 1);
    }

    [Fact]
    public void Without_trials_the_first_setting_is_judged_and_progress_ends_at_the_end()
    {
        var (recipe, shares) = (new ShiftRecipe("shift", 3, 2, 1), new List<double>());
        var report = new Evaluator(Ring(), new EvaluationOptions()).Evaluate(recipe, new Told(shares), TestContext.Current.CancellationToken);

        Assert.Empty(report.Trials);
        Assert.Equal([(0, 1UL, 20)], recipe.Fits);
        Assert.All(report.Seeds[0].Answers, answer => Assert.Equal(RankedAnswer.Miss, answer.Rank));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 12);
    }

    [Fact]
    public void Fewer_questions_are_spread_evenly_over_all()
    {
        var evaluator = new Evaluator(Ring(), new EvaluationOptions { TestMax = 4 });

        // Ten questions, of which the 0th, 2nd, 5th and 7th are asked.
        Assert.Equal([0, 2, 5, 7], evaluator.Test.Select(question => question.Cluster));
        Assert.Contains("Seeds 0 is below 1", Assert.Throws<ArgumentOutOfRangeException>(() => new Evaluator(Ring(), new EvaluationOptions { Seeds = 0 })).Message, StringComparison.Ordinal);
    }

    private static NextItemTask Ring()
    {
        IndexedTouch[] Session(int at) => [.. Enumerable.Range(at, 3).Select(item => new IndexedTouch(item % 30, 1, at))];
        return new NextItemTask(
            "ring",
            new TrainingPart([.. Enumerable.Range(0, 30).Select(item => new ItemId($"{item}"))], [.. Enumerable.Range(0, 20).Select(Session)], HoldOutRule.NewestSequences),
            [.. Enumerable.Range(0, 10).Select(at => new AnsweredQuestion(new Question(Session(at), 20 + at), at + 3, at))]);
    }

    private sealed class Told(List<double> shares) : IProgress<(double Share, string Note)>
    {
        public void Report((double Share, string Note) value) => shares.Add(value.Share);
    }
}
