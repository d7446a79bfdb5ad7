using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Model.Evaluation;

public sealed class NextActionJudgeTests
{
    private const byte View = (byte)InteractionKind.ViewItem;
    private const byte Purchase = (byte)InteractionKind.Purchase;

    [Fact]
    public void A_forecast_is_judged_beside_the_commonest_kind_and_the_kind_before()
    {
        // In training a purchase follows a view and a view follows a purchase, three times each way; views begin.
        var training = new TrainingPart([new ItemId("a")], [[Touch(View), Touch(Purchase), Touch(View), Touch(Purchase), Touch(View), Touch(Purchase), Touch(View)]], HoldOutRule.NewestTouches);
        AnsweredQuestion[] asked = [Asked(Purchase, 0, Touch(View)), Asked(View, 1, Touch(Purchase))];

        var report = NextActionJudge.Judge("model", new Saying((.75f, .25f), (.5f, .5f)), training, [.. asked], 100, new Chance(1))!;

        // -(log 0.25 + log 0.5)/2; the commonest: 4 + 1 views and 3 + 1 purchases of 9; after a view 3 + 1 purchases and 0 + 1 views, and the reverse.
        Assert.Equal(-(Math.Log(.25) + Math.Log(.5)) / 2, report.Model.LogLoss.Mean, 5);
        Assert.Equal(-(Math.Log(5 / 9.0) + Math.Log(4 / 9.0)) / 2, report.Majority.LogLoss.Mean, 5);
        Assert.Equal(-Math.Log(.8), report.Markov.LogLoss.Mean, 5);
        Assert.Equal((.5, 1), (report.Majority.Accuracy.Mean, report.Markov.Accuracy.Mean));
        Assert.Equal((.5, 0.0, 1.0), (report.Shares[InteractionKind.Purchase], report.Model.Auc[InteractionKind.Purchase], report.Markov.Auc[InteractionKind.Purchase]));
        Assert.Equal(-Math.Log(.8) + (Math.Log(.25) + Math.Log(.5)) / 2, report.AgainstMarkov.Difference.Mean, 5);
    }

    [Fact]
    public void The_area_counts_pairs_and_ties_by_half()
    {
        // Of the pairs (0.8, 0.1), (0.8, 0.4), (0.4, 0.1), (0.4, 0.4) three are right and one is even.
        Assert.Equal(3.5 / 4, NextActionJudge.Auc([(.1f, false), (.4f, true), (.4f, false), (.8f, true)]), 12);
    }

    [Fact]
    public void Where_one_kind_alone_comes_there_is_nothing_to_foretell()
        => Assert.Null(NextActionJudge.Judge("model", new Saying((1, 0)), new TrainingPart([], [], HoldOutRule.NewestTouches), [Asked(View, 0, Touch(View))], 100, new Chance(1)));

    private static IndexedTouch Touch(byte kind) => new(0, kind, 0);

    private static AnsweredQuestion Asked(byte kind, int cluster, params IndexedTouch[] history) => new(new Question(history, 1), 0, cluster, kind);

    /// <summary>Says the same of each question whatever it is: the probabilities of a view and a purchase.</summary>
    private sealed class Saying(params (float View, float Purchase)[] said) : IKindPredictor
    {
        public void PredictKinds(ReadOnlySpan<Question> questions, Span<float> probabilities)
        {
            for (var at = 0; at < questions.Length; at++)
            {
                probabilities[at * IKindPredictor.KindCount + View] = said[at].View;
                probabilities[at * IKindPredictor.KindCount + Purchase] = said[at].Purchase;
            }
        }
    }
}
