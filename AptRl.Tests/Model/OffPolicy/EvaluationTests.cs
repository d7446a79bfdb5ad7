using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.Estimators;
using AptRl.Model.OffPolicy.Rewards;
using AptRl.Model.OffPolicy.Synthetic;
using Xunit;

namespace AptRl.Tests.Model.OffPolicy;

public sealed class EvaluationTests
{
    private static readonly Overlap Sound = new(1_000, 900, 200, 400, 1.01, 0.02, 9, 0.01, 0.1, 0.001);

    [Fact]
    public void The_policy_that_logged_is_worth_what_was_logged()
    {
        // π = μ, so that every weight is 1.
        var log = TwoActions(200);
        var evaluation = OffPolicyEvaluation.Of(log, new FixedTarget("itself", [[0.25, 0.75]]), new OffPolicyOptions { Resamples = 100 }, TestContext.Current.CancellationToken);
        var mean = log.Rounds.Average(round => round.Reward);

        Assert.Equal(["ips", "clipped-ips", "snips", "dm", "dr", "sndr", "switch-dr", "dr-os"], evaluation.Estimates.Select(estimate => estimate.Name));
        Assert.Equal((mean, mean), (Of(evaluation, "ips").Value, Of(evaluation, "snips").Value));
        Assert.Equal((200.0, 1.0, 1.0), (evaluation.Overlap.EffectiveSampleSize, evaluation.Overlap.WeightMean, evaluation.Overlap.WeightMax));
        Assert.Equal(mean, evaluation.Logged.Mean, 12);
        Assert.Equal(VerdictKind.Undecided, evaluation.Verdict.Kind);
    }

    [Fact]
    public void Weights_are_of_the_action_shown_and_predictions_of_the_other_folds()
    {
        // Action 0 shown with 0.25, 1 with 0.75; the target turns that round.
        var log = TwoActions(12);
        var trainer = new MeanOfClusters();
        var weighed = CrossFitting.Weigh(log, new FixedTarget("turned", [[0.75, 0.25]]), trainer, folds: 3, seed: 5, TestContext.Current.CancellationToken);

        Assert.Equal(log.Rounds.Select(round => round.Action == 0 ? 3 : 1 / 3.0), weighed.Weights);
        Assert.Equal(3, trainer.Fits.Count);
        for (var i = 0; i < log.Rounds.Count; i++)
        {
            // The stand-in predicts the fit's number plus the action: expected is the number plus 0.25.
            var fit = (int)weighed.Rounds[i].Expected;
            Assert.Equal(fit + 0.25, weighed.Rounds[i].Expected, 12);
            Assert.Equal(fit + log.Rounds[i].Action, weighed.Rounds[i].Predicted, 12);
            Assert.DoesNotContain((float)log.Rounds[i].Cluster, trainer.Fits[fit]);
        }
    }

    [Fact]
    public void With_a_perfect_model_the_doubly_robust_estimate_does_not_vary()
    {
        // Rewards are certain and known: no surprise, so that weights of any size change nothing.
        WeighedRound[] rounds = [.. Enumerable.Range(0, 50).Select(i => new WeighedRound(i % 7, i % 2, i % 2, 0.3))];
        var log = new WeighedLog<WeighedRound>("t", rounds, [.. Enumerable.Range(0, 50)], [.. rounds.Select(round => round.Weight)], [.. rounds.Select(round => round.Reward)], 0);
        var evaluation = PolicyEvaluation.Of(log, SingleEstimators.For(rounds, hasModel: true), "dr", 100, new Chance(3));

        var (dr, ips) = (Of(evaluation, "dr"), Of(evaluation, "ips"));
        Assert.Equal((0.3, 0.3, 0.3), (Math.Round(dr.Value, 12), Math.Round(dr.Low, 12), Math.Round(dr.High, 12)));
        Assert.True(ips.High - ips.Low > 0.3);
    }

    [Fact]
    public void Overlap_of_three_rounds_is_what_the_formulas_give_by_hand()
    {
        var overlap = Overlap.Of([2, 0, 4], [true, true, false], [7, 7, 8], 0.125);

        // Σw = 6, Σw² = 20. Clusters: 2 over two rounds, 4 over one, about the mean 2: (2 - 4)² + (4 - 2)² = 8, over 3².
        Assert.Equal((3, 2, 1, 1.8, 2.0, 4.0, 4 / 6.0, 1 / 3.0, 0.125), (
            overlap.Rounds, overlap.Clusters, overlap.Rewarded, overlap.EffectiveSampleSize, overlap.WeightMean, overlap.WeightMax, overlap.WeightMaxShare, overlap.ZeroShare, overlap.Unsupported));
        Assert.Equal(Math.Sqrt(8) / 3, overlap.WeightMeanError, 12);
    }

    [Fact]
    public void A_verdict_follows_the_interval_of_the_gain()
    {
        Assert.Equal(VerdictKind.Better, PolicyVerdict.Of(Sound, new ConfidenceInterval(0.02, 0.01, 0.03)).Kind);
        Assert.Equal(VerdictKind.Worse, PolicyVerdict.Of(Sound, new ConfidenceInterval(-0.02, -0.03, -0.01)).Kind);
        Assert.Equal(VerdictKind.Undecided, PolicyVerdict.Of(Sound, new ConfidenceInterval(0.01, -0.01, 0.03)).Kind);
    }

    [Fact]
    public void A_log_that_cannot_carry_a_verdict_is_refused_with_the_way_out()
    {
        var gain = new ConfidenceInterval(0.02, 0.01, 0.03);

        Refused(Sound with { EffectiveSampleSize = 99.9 }, "effective sample size 99.9 of 1000 rounds is below 100: log more");
        Refused(Sound with { Rewarded = 19 }, "19 rounds that the target may show earned a reward, fewer than 20: log more");
        Refused(Sound with { WeightMean = 0.9, WeightMeanError = 0.03 }, "mean weight 0.900 ± 0.030 is not 1");
        Refused(Sound with { Unsupported = 0.06 }, "6.0 % of what the target shows was never shown, more than 5 %: explore more");
        Assert.Equal(2, PolicyVerdict.Of(Sound with { Unsupported = 0.06, Rewarded = 0 }, gain).Reasons.Count);

        // Three standard errors of 0.04 reach from 0.9 to 1.
        Assert.Equal(VerdictKind.Better, PolicyVerdict.Of(Sound with { WeightMean = 0.9, WeightMeanError = 0.04 }, gain).Kind);

        void Refused(Overlap overlap, string reason)
        {
            var verdict = PolicyVerdict.Of(overlap, gain);
            Assert.Equal(VerdictKind.Refused, verdict.Kind);
            Assert.StartsWith(reason, Assert.Single(verdict.Reasons), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Doubly_robust_by_either_model_finds_the_truth_of_a_drawn_world_and_the_same_twice(bool boosted)
    {
        var world = new SyntheticBandit(5, 3, -3, 11);
        var drawn = world.Draw(3_000, new Chance(1));
        var target = new FixedTarget("first two", [[0.5, 0.5, 0, 0, 0]]);
        var options = new OffPolicyOptions { Trainer = boosted ? new BoostedRewards(new BoostedRewardOptions()) : new LogisticRewards(), Resamples = 100 };
        var (first, second) = (Evaluated(), Evaluated());

        // Standard errors: an interval is 3.92 of them wide.
        var (truth, dr, ips) = (drawn.ValueOf(target), Of(first, "dr"), Of(first, "ips"));
        Assert.InRange(dr.Value, truth - (dr.High - dr.Low), truth + (dr.High - dr.Low));
        Assert.True(dr.High - dr.Low < ips.High - ips.Low, $"doubly robust {dr}, without a model {ips}");
        Assert.Equal(first.Estimates, second.Estimates);

        PolicyEvaluation Evaluated() => OffPolicyEvaluation.Of(drawn.Log, target, options, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_worlds_of_the_Open_Bandit_Pipeline_are_drawn_again_with_its_numbers()
    {
        // Its documentation prints the first contexts under random state 12345, made by NumPy.
        var drawn = new PipelineWorld(10, 5, -3, 12345).Draw(2);
        double[] printed = [-0.20470766, 0.47894334, -0.51943872, -0.5557303, 1.96578057, 1.39340583, 0.09290788, 0.28174615, 0.76902257, 1.24643474];

        Assert.All(drawn.Log.Rounds.SelectMany(round => round.Context).Zip(printed, (number, told) => (number, told)), pair => Assert.Equal(pair.told, pair.number, 2e-7));

        // Propensities are softmax(-3 q).
        Assert.All(drawn.Log.Rounds.Zip(drawn.Expected, (round, expected) => (round, expected)), pair => Assert.Equal(
            Math.Exp(-3 * pair.expected[pair.round.Action]) / pair.expected.Sum(reward => Math.Exp(-3 * reward)), pair.round.Propensity, 12));
    }

    [Fact]
    public void A_log_that_cannot_be_weighed_is_refused()
    {
        Assert.Contains("is not in (0, 1]", Assert.Throws<ArgumentException>(() => new LoggedRound(0, 0, [], 0, 0, 1, [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LoggedRound(0, 0, [], 0, 0.5, double.NaN, []));
        Assert.Throws<ArgumentException>(() => new BanditLog("empty", [[1]], []));
        Assert.Throws<ArgumentException>(() => new BanditLog("short", [[1]], [new LoggedRound(0, 0, [], 1, 0.5, 0, [])]));
        Assert.Throws<ArgumentException>(() => new FixedTarget("half", [[0.25, 0.25]]));
        Assert.Contains("lightgbm", Assert.Throws<ArgumentException>(() => new LogisticRewards().Fit([new RewardExample([1], -1)], 1)).Message, StringComparison.Ordinal);
    }

    private static BanditLog TwoActions(int rounds)
        => new(
            "two", [[1, 0], [0, 1]],
            [.. Enumerable.Range(0, rounds).Select(i => new LoggedRound(i / 2, 0, [i / 2], i % 4 == 0 ? 0 : 1, i % 4 == 0 ? 0.25 : 0.75, i % 3 == 0 ? 1 : 0, []))]);

    private static Estimate Of(PolicyEvaluation evaluation, string name) => evaluation.Estimates.Single(estimate => estimate.Name == name);

    // Remembers whose rounds each fit saw; predicts which fit it is, plus the number of the action.
    private sealed class MeanOfClusters : IRewardTrainer
    {
        public string Name => "stand-in";

        public List<HashSet<float>> Fits { get; } = [];

        public IRewardModel Fit(IReadOnlyList<RewardExample> examples, ulong seed)
        {
            Fits.Add([.. examples.Select(example => example.Features[0])]);
            return new Numbered(Fits.Count - 1);
        }

        private sealed class Numbered(int fit) : IRewardModel
        {
            public double Predict(ReadOnlySpan<float> features) => fit + features[2];
        }
    }
}
