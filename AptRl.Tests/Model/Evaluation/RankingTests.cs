using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Evaluation;

public sealed class RankingTests
{
    private static readonly CancellationToken Never = TestContext.Current.CancellationToken;

    [Fact]
    public void The_place_of_the_target_counts_ties_against_the_recommender()
    {
        // Target 2 scores 5: items 0 (7), 1 (5), 2 (5) and the one that is no number are not below it, item 4 is.
        Assert.Equal(4, Judge([7, 5, 5, float.NaN, 1], Asked(2)).Rank);
        Assert.Equal(1, Judge([1, 2, 3, 4, 5], Asked(4)).Rank);
        Assert.Equal(5, Judge([1, 2, 3, 4, float.NaN], Asked(4)).Rank);
        Assert.Equal(3, Judge([0, 0, 0], Asked(1)).Rank);
    }

    [Fact]
    public void A_target_without_a_score_or_unknown_to_training_is_a_miss()
    {
        Assert.Equal(RankedAnswer.Miss, Judge([1, float.NegativeInfinity], Asked(1)).Rank);
        Assert.Equal(RankedAnswer.Miss, Judge([1, 2], Asked(IndexedTouch.NoItem, IndexedTouch.NoItem)).Rank);
        Assert.False(Judge([1, 2], Asked(IndexedTouch.NoItem, IndexedTouch.NoItem)).IsRepeat);
    }

    [Fact]
    public void Without_seen_items_the_target_moves_up_and_a_seen_target_is_a_miss()
    {
        // Items 0 and 1 stand above the target, 0 was seen (twice, which counts once), so was 3, which stands below.
        var novel = Judge([9, 8, 7, 1], Asked(2, 0, 0, 3, IndexedTouch.NoItem));
        Assert.Equal((3, 2, false), (novel.Rank, novel.FilteredRank, novel.IsRepeat));

        var repeat = Judge([9, 8, 7, 1], Asked(2, 2));
        Assert.Equal((3, RankedAnswer.Miss, true), (repeat.Rank, repeat.FilteredRank, repeat.IsRepeat));
    }

    [Fact]
    public void Rank_is_the_plain_count_whatever_the_length_of_the_catalogue()
        => Check.One(
            Config.QuickThrowOnFailure.WithReplay(3, 1),
            Prop.ForAll(Gen.Choose(1, 70).SelectMany(length => Gen.Choose(-3, 3).ArrayOf(length)).ToArbitrary(), numbers =>
                Judge([.. numbers.Select(number => (float)number)], Asked(0)).Rank == numbers.Count(number => number >= numbers[0])));

    [Fact]
    public void The_list_is_the_twenty_best_of_ties_the_first_and_nothing_unsaid()
    {
        // 60 items: 40 to 59 at 1, 0 to 39 at 0 but 5 at -∞. The question's list is 40 to 59; of all zeros it is 0 to 19.
        float[] scores = [.. Enumerable.Range(0, 60).Select(item => item >= 40 ? 1f : item == 5 ? float.NegativeInfinity : 0)];
        var counts = Enumerable.Range(0, 60).ToArray();

        var judgement = JudgeAll(scores, counts, Asked(0));
        Assert.Equal(20 / 60.0, judgement.Coverage, 12);

        // Item i was touched i times: its percentile is (i + 0.5) / 60, and that of 40 to 59 is on average 50 / 60.
        Assert.Equal(50 / 60.0, judgement.Answers[0].Popularity, 9);
        Assert.Equal(10 / 60.0, JudgeAll(new float[60], counts, Asked(0)).Answers[0].Popularity, 9);

        scores.AsSpan(3).Fill(float.NegativeInfinity);
        Assert.Equal(3 / 60.0, JudgeAll(scores, counts, Asked(0)).Coverage, 12);

        scores.AsSpan().Fill(float.NegativeInfinity);
        Assert.Equal((0, 0.5), (JudgeAll(scores, counts, Asked(0)).Coverage, JudgeAll(scores, counts, Asked(0)).Answers[0].Popularity));
    }

    [Fact]
    public void Metrics_of_three_questions_worked_by_hand()
    {
        // Places 1 (a repeat), 7 and none, in two clusters.
        var table = MetricTable.Of([new(1, RankedAnswer.Miss, true, 0.5, 0), new(7, 3, false, 0.9, 0), new(RankedAnswer.Miss, RankedAnswer.Miss, false, 1, 4)], filtered: true);

        Assert.Equal(1 / 3.0, table["hr@5"], 12);
        Assert.Equal(2 / 3.0, table["hr@10"], 12);
        Assert.Equal(table["hr@10"], table["precision@10"]);
        Assert.Equal(2 / 30.0, table["precision_strict@10"], 12);
        Assert.Equal((1 + 1 / 3.0) / 3, table["ndcg@20"], 12);
        Assert.Equal((1 + 1 / 7.0) / 3, table["mrr@10"], 12);
        Assert.Equal(1 / 3.0, table["mrr@5"], 12);
        Assert.Equal((1, 0.5), (table["hr@20.repeat"], table["hr@20.novel"]));
        Assert.Equal(1 / 14.0, table["mrr@20.novel"], 12);
        Assert.Equal(1 / 3.0, table["hr@5.filtered"], 12);
        Assert.Equal(1 / 9.0, table["mrr@5.filtered"], 12);
        Assert.Equal(0.8, table["popularity@20"], 12);
        Assert.Contains("hr@5, ", Assert.Throws<ArgumentException>(() => table["hr@7"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_are_over_clusters_and_what_no_question_counts_for_has_none()
    {
        // Two clusters of one question each, one hit: draws give 0, 1/2 or 1, so the interval is [0, 1].
        var table = MetricTable.Of([new(1, 1, false, 0.5, 0), new(30, 30, false, 0.5, 1)], filtered: false);
        var intervals = table.Intervals(1_000, new Chance(1));

        Assert.Equal(new ConfidenceInterval(0.5, 0, 1), intervals["hr@20"]);
        Assert.Equal(WilsonInterval.Of(0, 1), MetricTable.Of([new(30, 30, false, 0, 0)], false).Intervals(40, new Chance(1))["hr@20"]);
        Assert.DoesNotContain("hr@20.repeat", intervals.Keys);
        Assert.DoesNotContain("hr@20.filtered", intervals.Keys);
    }

    [Fact]
    public void What_was_bought_and_what_was_viewed_have_figures_of_their_own_where_kinds_are_told()
    {
        const byte View = (byte)InteractionKind.ViewItem;
        const byte Purchase = (byte)InteractionKind.Purchase;
        var table = MetricTable.Of([new(1, 1, true, 0, 0, Purchase), new(3, 3, false, 0, 0, Purchase), new(21, 21, false, 0, 1, View)], filtered: false);

        // Places 1 and 3 of the purchases: (1 + 1/log₂ 4)/2 = 0.75; the view is beyond the list.
        Assert.Equal((1, .75, 1, .5), (table["hr@20.purchase"], table["ndcg@20.purchase"], table["ndcg@20.purchase.repeat"], table["ndcg@20.purchase.novel"]));
        Assert.Equal((0, 1, 0), (table["hr@20.view"], table.Questions("mrr@20.view.novel"), table.Questions("mrr@20.cart")));
        Assert.DoesNotContain("hr@20.purchase", MetricTable.Of([new(1, 1, true, 0, 0)], filtered: false).Names);
    }

    [Fact]
    public void The_mean_over_seeds_is_the_mean_of_the_values()
    {
        var (one, two) = (MetricTable.Of([new(1, 1, false, 0, 0), new(2, 2, false, 0, 1)], false), MetricTable.Of([new(4, 4, false, 0, 0), new(1, 1, false, 0, 1)], false));

        // (1 + 1/2)/2 = 0.75 and (1/4 + 1)/2 = 0.625.
        Assert.Equal(0.6875, MetricTable.Mean([one, two])["mrr@20"], 12);
        Assert.Throws<ArgumentException>(() => MetricTable.Mean([one, MetricTable.Of([new(1, 1, false, 0, 0)], false)]));
    }

    [Fact]
    public void A_paired_test_of_three_clusters_has_the_p_value_of_eight_sign_draws()
    {
        // Differences 3, 2, 1 sum to 6: of the eight sign draws, two (all plus, all minus) are as far from zero: p = 1/4.
        var paired = PairedDifference.Of([(4, 1, 5), (3, 1, 5), (2, 1, 5)], 4_000, new Chance(1));

        Assert.Equal(0.25, paired.PValue, 0.02);
        Assert.Equal(6 / 15.0, paired.Difference.Mean, 12);
        Assert.Equal(2, paired.Relative.Mean, 12);

        // The same cluster drawn three times has probability 1/27, above 2.5 %: bounds are 1/5 and 3/5.
        Assert.Equal(0.2, paired.Difference.Low, 12);
        Assert.Equal(0.6, paired.Difference.High, 12);
    }

    [Fact]
    public void Equal_recommenders_differ_by_nothing_with_p_1()
    {
        var paired = PairedDifference.Of([(1, 1, 2), (0, 0, 1)], 100, new Chance(1));

        Assert.Equal((1, new ConfidenceInterval(0, 0, 0)), (paired.PValue, paired.Difference));
    }

    [Fact]
    public void Of_equally_good_recommenders_one_in_twenty_seems_better_at_5_percent()
    {
        var world = new Chance(5);
        var seeming = 0;
        for (var repeat = 0; repeat < 300; repeat++)
        {
            var clusters = new (double, double, double)[60];
            for (var cluster = 0; cluster < clusters.Length; cluster++)
            {
                clusters[cluster] = (world.Next(4), world.Next(4), 3);
            }

            seeming += PairedDifference.Of(clusters, 100, world.Split((ulong)repeat)).PValue <= 0.05 ? 1 : 0;
        }

        // 15 expected; three standard errors are 3·√(300·0.05·0.95) = 11.3.
        Assert.InRange(seeming, 4, 26);
    }

    private static RankedAnswer Judge(float[] scores, AnsweredQuestion asked) => JudgeAll(scores, [.. scores.Select(_ => 1)], asked).Answers[0];

    private static Judgement JudgeAll(float[] scores, int[] counts, params AnsweredQuestion[] asked)
    {
        var touches = counts.SelectMany((count, item) => Enumerable.Repeat(new IndexedTouch(item, 1, 0), count)).ToArray();
        var training = new TrainingPart([.. scores.Select((_, item) => new ItemId($"{item}"))], [touches], HoldOutRule.LastOfEach);
        using var recommender = new FixedScores(scores);
        return new RankingJudge(training, [.. asked]).Judge(recommender, null, Never);
    }

    private static AnsweredQuestion Asked(int target, params int[] history)
        => new(new Question(Array.ConvertAll(history, item => new IndexedTouch(item, 1, 0)), 1), target, 0);
}
