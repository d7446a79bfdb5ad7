using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using AptRl.Model.Recommenders.Online;
using Xunit;

namespace AptRl.Tests.Model.Evaluation;

[Collection("Torch")]
public sealed class PrequentialTests
{
    private const int Minute = 60;
    private const int Hour = 60 * Minute;
    private const InteractionKind View = InteractionKind.ViewItem;

    [Fact]
    public void A_tiny_log_gives_the_ranks_worked_by_hand()
    {
        // Fitted: a a b c. At 0:40 comes b; at 0:50 d, which nobody has touched; at 2:00 d again; at 2:10 the purchase of c.
        var log = EventLog.From("tiny",
        [
            At(0, "u", "a"), At(10, "v", "b"), At(20, "u", "a"), At(30, "v", "c"),
            At(40, "u", "b"), At(50, "u", "d"), At(120, "v", "d"), At(130, "v", "c", InteractionKind.Purchase),
        ]);

        // Counts, of which ties stand against the target. Frozen, a 2, b 1, c 1: b and c are third; d has no count.
        var frozen = Run(log, "popularity", LearningSchedule.Frozen);
        Assert.Equal([3, RankedAnswer.Miss, RankedAnswer.Miss, 3], frozen.Answers.Select(answer => answer.Rank));
        Assert.Equal([10, 20, 90, 100], frozen.Answers.Select(answer => answer.StalenessSeconds / Minute));
        Assert.Equal([0, 1, 2, 3], frozen.Answers.Select(answer => answer.Waiting));

        // Right after each: a 2, b 2, c 1, d 1 when d comes again, and d 2 when c comes.
        var perEvent = Run(log, "popularity", LearningSchedule.PerEvent);
        Assert.Equal([3, RankedAnswer.Miss, 4, 4], perEvent.Answers.Select(answer => answer.Rank));
        Assert.Equal([10, 10, 70, 10], perEvent.Answers.Select(answer => answer.StalenessSeconds / Minute));
        Assert.All(perEvent.Answers, answer => Assert.Equal(0, answer.Waiting));

        // By the hour b and d are learned at 2:00, and the second d is not yet when c comes: c and d have 1 each.
        var hourly = Run(log, "popularity", LearningSchedule.Hourly);
        Assert.Equal([3, RankedAnswer.Miss, 4, 4], hourly.Answers.Select(answer => answer.Rank));
        Assert.Equal([10, 20, 70, 80], hourly.Answers.Select(answer => answer.StalenessSeconds / Minute));
        Assert.Equal([0, 1, 0, 1], hourly.Answers.Select(answer => answer.Waiting));
        Assert.Equal((1, 3, 0), (hourly.LearnMilliseconds.Length, perEvent.LearnMilliseconds.Length, frozen.LearnMilliseconds.Length));

        Assert.Equal(
            [TargetNovelty.Fitted, TargetNovelty.Unmet, TargetNovelty.Since, TargetNovelty.Repeat], perEvent.Answers.Select(answer => answer.Target));
        var intervals = PrequentialTable.Of(perEvent.Answers).Intervals(100, new Chance(1));
        Assert.Equal(3 / 4.0, intervals["hr@20"].Mean);
        Assert.Equal((1 / 3.0 + 1 / 4.0 + 1 / 4.0) / 4, intervals["mrr@20"].Mean, 12);
        Assert.Equal((1, 2 / 3.0), (intervals["hr@20.repeat"].Mean, intervals["hr@20.novel"].Mean));
        Assert.Equal((1 / 4.0, 1 / Math.Log2(5)), (intervals["mrr@20.purchase"].Mean, intervals["ndcg@10.purchase"].Mean));
        Assert.DoesNotContain("hr@20.cart", intervals.Keys);
    }

    [Fact]
    public void Who_comes_back_is_known_without_learning()
    {
        var log = EventLog.From("back", [At(0, "u", "a"), At(1, "u", "b"), At(2, "v", "x"), At(3, "v", "y"), At(4, "u", "a"), At(5, "u", "b")]);

        // u did a b, so b is first and a second; then a b a, so a is first and b second.
        Assert.Equal([2, 2], Run(log, "repeat-last", LearningSchedule.Frozen, fitShare: 4 / 6.0).Answers.Select(answer => answer.Rank));
    }

    [Theory]
    [InlineData(LearningSchedule.Frozen)]
    [InlineData(LearningSchedule.Daily)]
    [InlineData(LearningSchedule.Hourly)]
    [InlineData(LearningSchedule.PerEvent)]
    public void No_answer_is_learned_before_its_question(LearningSchedule schedule)
    {
        var chance = new Chance(5);
        var log = EventLog.From("random", Enumerable.Range(0, 400).Select(_ => At(chance.Next(5 * 24 * 60), $"u{chance.Next(9)}", $"i{chance.Next(60)}")).ToArray());
        var recorder = new Recorder(log, learnsAtOnce: schedule is LearningSchedule.PerEvent);

        var run = new Prequential(log, new PrequentialOptions()).Run(recorder, schedule, null, TestContext.Current.CancellationToken);

        Assert.Equal(200, run.Answers.Length);
        Assert.Equal(200, recorder.Asked);
        Assert.True((schedule is LearningSchedule.Frozen) == (recorder.Learned == 200), $"{recorder.Learned} learned");
    }

    [Fact]
    public void Where_tastes_turn_neighbours_that_learn_from_each_touch_win_by_what_is_worked_by_hand()
    {
        // A shopper touches xi and then yi, ten rounds of ten; after that xi and then zi. All minutes apart, each shopper once.
        var log = EventLog.From("turn", Enumerable.Range(0, 200).SelectMany(shopper => new[]
        {
            At(2 * shopper, $"s{shopper}", $"x{shopper % 10}"), At(2 * shopper + 1, $"s{shopper}", $"{(shopper < 100 ? 'y' : 'z')}{shopper % 10}"),
        }).ToArray());

        var frozen = PrequentialTable.Of(Run(log, "session-neighbours", LearningSchedule.Frozen).Answers);
        var perEvent = PrequentialTable.Of(Run(log, "session-neighbours", LearningSchedule.PerEvent).Answers);

        // 200 questions: who begins is a stranger and nothing is found for them; of the 100 for a z, ten are for one that
        // nobody had touched, and 90 for one that stood behind that x before. Frozen, none is known.
        var difference = perEvent.Against(frozen, "hr@20", 100, new Chance(1));
        Assert.Equal(90 / 200.0, difference.Difference.Mean, 12);
        Assert.Equal(90 / 90.0, perEvent.Against(frozen, "hr@20.novel.since", 100, new Chance(1)).Difference.Mean, 12);
        Assert.True(difference.PValue < .001, $"p = {difference.PValue}");
    }

    [Fact]
    public void Where_tastes_turn_an_encoder_that_learns_from_each_touch_wins_and_does_so_again_with_the_same_seed()
    {
        // Forty items in a ring: shoppers go one on, and in the second half seven on.
        var log = EventLog.From("ring", Enumerable.Range(0, 240).SelectMany(shopper => Enumerable.Range(0, 5).Select(
            step => At(10 * shopper + step, $"s{shopper}", $"i{(11 * shopper + step * (shopper < 120 ? 1 : 7)) % 40}"))).ToArray());
        using var start = Recipe("transformer").Fit(log, 600, new FitContext(1, true, null, TestContext.Current.CancellationToken));
        var prequential = new Prequential(log, new PrequentialOptions());

        var frozen = prequential.Run(start, LearningSchedule.Frozen, null, TestContext.Current.CancellationToken);
        var perEvent = prequential.Run(start, LearningSchedule.PerEvent, null, TestContext.Current.CancellationToken);
        var again = new Prequential(log, new PrequentialOptions { UntilShare = .6 }).Run(start, LearningSchedule.PerEvent, null, TestContext.Current.CancellationToken);

        Assert.Equal(perEvent.Answers[..120], again.Answers);
        var difference = PrequentialTable.Of(perEvent.Answers).Against(PrequentialTable.Of(frozen.Answers), "mrr@20", 100, new Chance(1)).Difference;
        Assert.True(difference.Low > .1, $"{difference}");
    }

    [Fact]
    public void Every_recipe_runs_where_items_and_users_appear_that_the_fit_had_not_seen()
    {
        var log = EventLog.From("growing", Enumerable.Range(0, 120).Select(at => At(at, $"u{at / 4}", $"i{at * at % 7 + at / 10}")).ToArray());

        foreach (var recipe in OnlineRecipes.All)
        {
            using var start = recipe.Fit(log, 60, new FitContext(1, true, null, TestContext.Current.CancellationToken));
            var run = new Prequential(log, new PrequentialOptions()).Run(start, LearningSchedule.PerEvent, null, TestContext.Current.CancellationToken);
            Assert.Equal(60, run.Answers.Length);
            Assert.All(run.Answers, answer => Assert.True(answer.Rank == RankedAnswer.Miss || answer.Rank <= log.Items.Length, $"{recipe.Name}: {answer}"));
            Assert.Contains(run.Answers, answer => answer.Rank <= 20);
        }
    }

    [Fact]
    public void A_share_that_leaves_nothing_to_ask_is_refused()
    {
        var log = EventLog.From("two", [At(0, "u", "a"), At(1, "u", "b")]);

        Assert.Contains("nothing would be asked", Assert.Throws<ArgumentOutOfRangeException>(() => new Prequential(log, new PrequentialOptions { UntilShare = .5 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Prequential(log, new PrequentialOptions { FitShare = 1 }));
    }

    private static PrequentialRun Run(EventLog log, string recipe, LearningSchedule schedule, double fitShare = .5)
    {
        var prequential = new Prequential(log, new PrequentialOptions { FitShare = fitShare });
        using var start = Recipe(recipe).Fit(log, prequential.FitTouches, new FitContext(1, true, null, TestContext.Current.CancellationToken));
        return prequential.Run(start, schedule, null, TestContext.Current.CancellationToken);
    }

    private static IOnlineRecipe Recipe(string name) => OnlineRecipes.All.Single(recipe => recipe.Name == name);

    private static (UserId User, ItemId Item, byte Kind, long Seconds) At(int minute, string user, string item, InteractionKind kind = View)
        => (new UserId(user), new ItemId(item), (byte)kind, minute * Minute + 1_000 * 24L * Hour);

    /// <summary>Holds what it is given against the log.</summary>
    private sealed class Recorder(EventLog log, bool learnsAtOnce) : IOnlineStart, IOnlineRecommender
    {
        private readonly int _fitted = log.Touches.Length / 2;
        private IReadOnlyList<ItemId> _met = [];

        public int Asked { get; private set; }

        public int Learned { get; private set; } = log.Touches.Length / 2;

        public IOnlineRecommender Begin(IReadOnlyList<ItemId> met)
        {
            _met = met;
            return this;
        }

        public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
        {
            scores.Fill(float.NegativeInfinity);

            // Before the first question the run warms up with what was fitted.
            var question = questions[0];
            if (!question.History.Equals(log.Touches[_fitted + Asked].History) || question.Seconds != log.Touches[_fitted + Asked].Touch.Seconds)
            {
                Assert.Equal(0, Asked);
                return;
            }

            var now = _fitted + Asked++;
            Assert.True(learnsAtOnce ? Learned == now : Learned <= now, $"{Learned} touches learned at the question about touch {now}");
            Assert.Equal(log.ItemsMet(now), scores.Length);
            Assert.Equal(log.ItemsMet(now), _met.Count);
            Assert.Throws<ArgumentOutOfRangeException>(() => _met[_met.Count]);
        }

        public void Learn(ReadOnlySpan<UserTouch> touches)
        {
            foreach (var touch in touches)
            {
                Assert.Equal(log.Touches[Learned++], touch);
            }

            Assert.True(Learned <= _fitted + Asked, $"touch {Learned - 1} was learned, {_fitted + Asked} were asked or fitted");
        }

        public void Dispose()
        {
        }
    }
}
