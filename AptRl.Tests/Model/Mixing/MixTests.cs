using System.Collections.Immutable;
using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Mixing;
using AptRl.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Model.Mixing;

[Collection("Torch")]
public sealed class MixTests
{
    [Fact]
    public void A_row_falls_through_each_tree_and_the_leaves_add_up()
    {
        // Tree 1: f0 <= 2 ? (f1 <= 0.5 ? 1 : 10) : 100. Tree 2 is a single leaf of 0.25. Tree 3: f1 <= 3 ? -1 : 7.
        var trees = new TreeEnsemble
        {
            Roots = [0, 2, 2, 3],
            Features = [0, 1, 1],
            Thresholds = [2, .5f, 3],
            Left = [1, ~0, ~0],
            Right = [~2, ~1, ~1],
            LeafRoots = [0, 3, 4],
            Leaves = [1, 10, 100, .25f, -1, 7],
        };

        Assert.Equal(1 + .25 - 1, trees.Score([2, .5f]));
        Assert.Equal(10 + .25 - 1, trees.Score([2, .6f]));
        Assert.Equal(100 + .25 + 7, trees.Score([2.1f, 4]));
    }

    [Fact]
    public void The_mix_is_better_than_its_parts_where_each_of_them_knows_half()
    {
        var task = TwoHabits();
        var evaluator = new Evaluator(task, new EvaluationOptions { Quick = true });

        var mix = Rank(evaluator, new AptRlRecipe());
        var encoder = Rank(evaluator, new TransformerRecipe());
        var neighbours = Rank(evaluator, new SessionNeighboursRecipe());

        Assert.True(mix > encoder && mix > neighbours, $"mix {mix:F4}, encoder {encoder:F4}, neighbours {neighbours:F4}");
    }

    [Fact]
    public void Where_there_is_too_little_to_learn_a_mix_from_the_sources_are_mixed_by_rank()
    {
        // Sixty sessions of four steps around a circle of twelve: six held-out ones ask 18 questions, too few for trees.
        TrainingPart part = new(
            [.. Enumerable.Range(0, 12).Select(item => new ItemId($"{item}"))],
            [.. Enumerable.Range(0, 60).Select(session => Enumerable.Range(session, 4).Select(item => Touch(item % 12, session)).ToArray())],
            HoldOutRule.NewestSequences);
        using var recommender = new AptRlRecipe().Fit(part, 0, new FitContext(1, Quick: true, null, TestContext.Current.CancellationToken));

        var scores = new float[12];
        recommender.Score([new Question(new[] { Touch(0, 60), Touch(1, 60) }, 60)], scores);

        // Of what the session has not touched yet.
        Assert.Equal(2, Enumerable.Range(2, 10).MaxBy(item => scores[item]));
    }

    private static double Rank(Evaluator evaluator, IRecipe recipe)
        => MetricTable.Of(evaluator.Evaluate(recipe, null, TestContext.Current.CancellationToken).Seeds[0].Answers, filtered: false)["mrr@20"];

    // Forty items. Even sessions go round the circle of 40 in steps of 1 with many detours to where they were; odd ones
    // jump about within a group of four, in no order.
    private static NextItemTask TwoHabits()
    {
        var chance = new Chance(5);
        ImmutableArray<ItemId> items = [.. Enumerable.Range(0, 40).Select(item => new ItemId($"{item}"))];
        var sessions = Enumerable.Range(0, 900).Select(session => Session(session, ref chance)).ToArray();
        var test = Enumerable.Range(900, 100).SelectMany(session =>
        {
            var touches = Session(session, ref chance);
            return Enumerable.Range(1, touches.Length - 1).Select(at => new AnsweredQuestion(
                new Question(touches.AsMemory(0, at), session), touches[at].Item, session));
        });
        return new NextItemTask("two habits", new TrainingPart(items, sessions, HoldOutRule.NewestSequences), [.. test]);
    }

    private static IndexedTouch[] Session(int session, ref Chance chance)
    {
        var touches = new IndexedTouch[6];
        var at = chance.Next(40);
        for (var i = 0; i < touches.Length; i++)
        {
            touches[i] = Touch(at, session);
            at = session % 2 == 0
                ? (chance.NextDouble() < .8 ? (at + 1) % 40 : touches[chance.Next(i + 1)].Item)
                : at / 4 * 4 + chance.Next(4);
        }

        return touches;
    }

    private static IndexedTouch Touch(int item, long seconds) => new(item, (byte)InteractionKind.ViewItem, seconds);
}
