using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Learning;

public sealed class LearnerTests
{
    [Fact]
    public void Two_rows_by_hand_give_the_ridge_solution()
    {
        // One feature, λ = 10: x = 1 shown 30 times and clicked 8 times. θ = 0.2·8 / (30 + 10) = 0.04.
        var learner = new Learner(new LearnerOptions());
        var one = Sample.Features((0, 1));
        for (var i = 1; i <= 30; i++)
        {
            learner.Learn(Sample.Shown(i, 0, ("a", one)));
        }

        for (var i = 31; i <= 38; i++)
        {
            learner.Learn(Sample.Rewarded(i, 0, "a", one));
        }

        learner.Advance();
        var policy = learner.Policy();
        Span<float> features = stackalloc float[FeatureVector.Length];
        features[0] = 1;
        Assert.Equal(0.04f, policy.Mean(features), 6);
        Assert.Equal(MathF.Sqrt(1f / 40), policy.Width(features), 6); // xᵀA⁻¹x = 1/(30 + 10)
        Assert.Equal(new ItemCounts(0, 0, 0, 30, 8), policy.Counts[Sample.Item("a")]);
    }

    [Fact]
    public void What_was_learned_with_fewer_features_is_kept_and_nothing_is_known_of_the_new_ones()
    {
        // Two rows of 48 numbers, 2 and 3 at the last two places: their sums of squares and products stand at the ends of rows 46 and 47.
        var old = FeatureVector.FromBytes(Sample.Features((46, 2), (47, 3)).AsBytes()[..96]);
        var (gram, rewards) = (new long[48 * 49 / 2], new long[7 * 48]);
        (gram[^3], gram[^2], gram[^1]) = (2 * 4L << 24, 2 * 6L << 24, 2 * 9L << 24);
        (rewards[46], rewards[47]) = (2L << 24, 3L << 24);

        var now = new RidgeStatistics();
        now.AddShown(old);
        now.AddShown(old);
        now.AddReward(old, RewardType.Click, FeatureVector.One);

        var read = new RidgeStatistics(gram, rewards, 2);
        Assert.Equal(now.Gram, read.Gram);
        Assert.Equal(now.Rewards, read.Rewards);
        Assert.Throws<ArgumentException>(() => FeatureVector.FromBytes(new byte[2 * FeatureVector.Length + 2]));
    }

    [Fact]
    public void A_row_two_half_lives_old_counts_a_quarter()
    {
        var learner = new Learner(new LearnerOptions { HalfLife = TimeSpan.FromDays(2) });
        learner.Learn(Sample.Shown(1, 0, ("a", Sample.Features((0, 1)))));
        learner.Learn(Sample.Shown(2, TimeSpan.FromDays(4).TotalMinutes, ("b", Sample.Features((1, 1)))));
        learner.Advance();
        Assert.Equal(1.25, learner.Policy().Rows, 12);
    }

    [Fact]
    public void What_comes_when_its_bucket_is_forgotten_is_counted_and_changes_nothing()
    {
        var learner = new Learner(new LearnerOptions { HalfLife = TimeSpan.FromDays(2), BucketsMax = 2 });
        learner.Learn(Sample.Shown(1, TimeSpan.FromDays(10).TotalMinutes, ("a", Sample.Features((0, 1)))));
        learner.Learn(Sample.Rewarded(2, 0, "a", Sample.Features((0, 1)), RewardType.Purchase));
        learner.Advance();
        Assert.Equal(1, learner.Forgotten);
        Assert.Equal(1, learner.Policy().Rows, 12);
    }

    [Fact]
    public void Refunding_every_purchase_leaves_the_policy_of_no_purchase()
    {
        var x = Sample.Features((0, 1), (3, -0.5f));
        var (with, without) = (new Learner(new LearnerOptions()), new Learner(new LearnerOptions()));
        with.Learn(Sample.Shown(1, 0, ("a", x)));
        without.Learn(Sample.Shown(1, 0, ("a", x)));
        with.Learn(Sample.Rewarded(2, 0, "a", x, RewardType.Purchase));
        with.Learn(Sample.Rewarded(3, 0, "a", x, RewardType.Purchase, sign: -1));
        Assert.Equal(without.Image().Buckets[0].Statistics.Rewards, with.Image().Buckets[0].Statistics.Rewards);
    }

    [Fact]
    public void Between_two_publications_any_order_gives_the_same_hash_and_the_snapshot_too()
        => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var chance = new Chance(seed);
            var lessons = Enumerable.Range(1, 60).Select(number => Drawn(number, ref chance)).ToList();
            var (inOrder, shuffled) = (new Learner(new LearnerOptions()), new Learner(new LearnerOptions()));
            foreach (var epoch in lessons.Chunk(20))
            {
                epoch.ToList().ForEach(inOrder.Learn);
                Sample.Shuffled(epoch, chance).ToList().ForEach(shuffled.Learn);
                inOrder.Advance();
                shuffled.Advance();
            }

            var image = inOrder.Image();
            return image.Hash() == shuffled.Image().Hash() && image.Hash() == new Learner(image, new LearnerOptions()).Image().Hash();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Popularity_counts_by_hour_day_and_week_whatever_the_order()
    {
        var day = TimeSpan.FromDays(1).TotalMinutes;
        Lesson[] touches =
        [
            Sample.Touched(1, 0, "a"),                                              // a week and a day before the end: gone
            Sample.Touched(2, 2 * day, "a", kind: InteractionKind.Purchase),        // week: 5
            Sample.Touched(3, 7.5 * day, "a", kind: InteractionKind.AddToCart),     // day and week: 3
            Sample.Touched(4, 8 * day, "a"),                                        // now: 1
        ];
        foreach (var order in (int[][])[[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]])
        {
            var learner = new Learner(new LearnerOptions());
            foreach (var index in order)
            {
                learner.Learn(touches[index]);
            }

            learner.Advance();
            Assert.Equal(new ItemCounts(1, 4, 9, 0, 0), learner.Policy().Counts[Sample.Item("a")]);
        }
    }

    [Fact]
    public void It_learns_which_of_two_items_is_clicked()
    {
        var learner = new Learner(new LearnerOptions());
        var (good, bad) = (Sample.Features((0, 1), (47, 1)), Sample.Features((1, 1), (47, 1)));
        var chance = new Chance(1);
        for (var i = 1; i <= 400; i += 2)
        {
            learner.Learn(Sample.Shown(i, 0, ("good", good), ("bad", bad)));
            if (chance.NextDouble() < 0.3)
            {
                learner.Learn(Sample.Rewarded(i + 1, 0, "good", good));
            }
        }

        learner.Advance();
        var policy = learner.Policy();
        Assert.True(policy.Mean(Numbers(good)) > 0.03, $"{policy.Mean(Numbers(good))}");
        Assert.True(policy.Mean(Numbers(bad)) < 0.01, $"{policy.Mean(Numbers(bad))}");
    }

    private static float[] Numbers(FeatureVector features) => [.. features.Units.ToArray().Select(unit => unit / (float)FeatureVector.One)];

    private static Lesson Drawn(int number, ref Chance chance)
    {
        var minute = chance.Next(60 * 24 * 40);
        var item = $"{chance.Next(9)}";
        var features = Sample.Features((chance.Next(48), (float)chance.NextNormal()), (47, 1));
        return chance.Next(3) switch
        {
            0 => Sample.Shown(number, minute, (item, features)),
            1 => Sample.Rewarded(number, minute, item, features, (RewardType)chance.Next(5)),
            _ => Sample.Touched(number, minute, item, session: chance.Next(9)),
        };
    }
}
