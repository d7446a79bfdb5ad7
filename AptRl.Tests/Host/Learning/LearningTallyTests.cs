using AptRl.Actors.Hosting;
using AptRl.Host.Learning;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Learning;

public sealed class LearningTallyTests
{
    private readonly Clock _clock = new();
    private readonly LearningTally _tally;

    public LearningTallyTests() => _tally = new LearningTally(_clock);

    [Fact]
    public void A_slate_clicked_twice_counts_once_and_a_reward_counts_where_its_slate_was_made()
    {
        var (first, second) = (Slate("ann", "r1"), Slate("bob", "r2"));
        _tally.Decided(first);
        _clock.Seconds = 1.5;
        _tally.Decided(second);
        _clock.Seconds = 2.5;
        Earn(first, RewardType.Click);
        Earn(first, RewardType.Click);
        Earn(first, RewardType.Purchase);
        Earn(second, RewardType.Dismiss);

        var learned = Assert.Single(Report().Policies);
        Assert.Equal((2, 1, 0.5), (learned.Decisions, learned.Clicked, learned.Ctr.Mean));
        Assert.Equal([1, 1, 0], learned.Series.Decisions);
        Assert.Equal([1, 0, 0], learned.Series.Clicked);

        // Click twice 0.2, purchase 1; dismiss -0.5: two slates earned 0.9.
        Assert.Equal([1.4, -0.5, 0], learned.Series.Reward);
        Assert.Equal(0.45, learned.Reward.Mean, 12);
    }

    [Fact]
    public void A_click_taken_back_makes_the_slate_unclicked()
    {
        var slate = Slate("ann", "r1");
        _tally.Decided(slate);
        Earn(slate, RewardType.Click);
        Earn(slate, RewardType.Click, amount: -1);
        Assert.Equal(0, Report().Policies[0].Clicked);
    }

    [Fact]
    public void When_the_steps_are_used_up_each_two_become_one_and_late_rewards_still_find_theirs()
    {
        var early = Slate("ann", "r1");
        _clock.Seconds = 3.5;
        _tally.Decided(early);
        _clock.Seconds = 3.5 + 125;
        _tally.Decided(Slate("bob", "r2"));
        Earn(early, RewardType.Click);

        // 125 s after the first are step 62 of 2 s; the first is in step 0.
        var report = Report();
        Assert.Equal(2, report.StepSeconds);
        Assert.Equal((63, 1, 1), (report.Policies[0].Series.Decisions.Count, report.Policies[0].Series.Clicked[0], report.Policies[0].Series.Decisions[62]));
    }

    [Fact]
    public void A_reward_of_a_slate_that_is_not_remembered_is_counted_as_such()
    {
        _tally.Decided(Slate("ann", "r1"));
        Earn(Slate("ann", "from before the start"), RewardType.Click);
        Assert.Equal((1, 0), (Report().Unmatched, Report().Policies[0].Clicked));
    }

    [Fact]
    public void Regret_is_what_was_missed_of_the_best_and_drift_is_marked()
    {
        var slate = Slate("ann", "r1");
        _tally.Decided(slate);
        _tally.Truth(slate, expected: 0.2, best: 0.5);
        _tally.Truth(slate, expected: 0.4, best: 0.5);
        _clock.Seconds = 4;
        _tally.Drifted();

        // The clock began at 0.5.
        Assert.Equal(3.5, Report().DriftAtSeconds);
        var truth = Report().Policies[0].Truth!;
        Assert.Equal((0.3, 0.5, 0.4), (truth.Expected, truth.Best, truth.Regret));
    }

    private static Decision Slate(string user, string request)
    {
        var id = new UserId(user);
        return Sample.Decided(0, request, "a", "b") with { User = id, Id = DecisionId.For(id, Sample.Home, request) };
    }

    private void Earn(Decision slate, RewardType type, double amount = 1) => _tally.Rewarded(new DecisionRewarded(slate.Id, 0, type, amount));

    private LearningReport Report()
    {
        Assert.True(_tally.TryReport(Sample.Home, out var report));
        return report;
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; } = 0.5;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => (long)(Seconds * 1_000);
    }
}
