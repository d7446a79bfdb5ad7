using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Model.Learning;

/// <summary>All that one scenario has learned: a fold of lessons.</summary>
/// <remarks>
/// Linear value estimation on (state, item) features: for each reward type ridge regression Q_r(s, i) = θ_r·x(s, i),
/// kept as additive integer statistics in buckets of event time, beside counts of popularity and clicks and the shop's sessions.
/// Between two publications the order of lessons does not matter: the same set gives the same parameters to the bit.
/// Forgetting: bucket k half-lives ÷ 2 old counts √½ᵏ, applied when a policy is published, so the sums stay exact.
/// The target is the immediate reward (discount 0).
/// </remarks>
public sealed class Learner
{
    private readonly LearnerOptions _options;
    private readonly SortedDictionary<long, RidgeStatistics> _buckets = [];
    private readonly ImmutableDictionary<ItemId, ItemCounts>.Builder _counts = ImmutableDictionary.CreateBuilder<ItemId, ItemCounts>();
    private readonly Popularity _popularity;
    private readonly LiveSessions _sessions;

    /// <summary>Nothing learned yet.</summary>
    public Learner(LearnerOptions options)
        : this(options.Checked(), new LiveSessions(options))
    {
    }

    /// <summary>A learner as it was.</summary>
    public Learner(LearnerImage image, LearnerOptions options)
        : this(options.Checked(), new LiveSessions(image.Sessions, options))
    {
        foreach (var (bucket, statistics) in image.Buckets)
        {
            _buckets[bucket] = statistics;
        }

        foreach (var (item, shown, clicked) in image.Exposures)
        {
            _counts[item] = new ItemCounts(0, 0, 0, shown, clicked);
        }

        foreach (var (hour, touches) in image.Hours)
        {
            _popularity.Restore(hour, touches);
        }

        (Version, Decisions, Rewards, Lessons, Forgotten) = (image.Version, image.Decisions, image.Rewards, image.Lessons, image.Forgotten);
    }

    private Learner(LearnerOptions options, LiveSessions sessions)
        => (_options, _sessions, _popularity) = (options, sessions, new Popularity(_counts));

    /// <summary>Policies published so far.</summary>
    public long Version { get; private set; }

    /// <summary>Decisions learned from.</summary>
    public long Decisions { get; private set; }

    /// <summary>Rewards learned from, those taken back counted too.</summary>
    public long Rewards { get; private set; }

    /// <summary>Lessons taken.</summary>
    public long Lessons { get; private set; }

    /// <summary>Rows and rewards that came when their bucket was forgotten already.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Takes a lesson.</summary>
    public void Learn(Lesson lesson)
    {
        Lessons++;
        for (var place = 0; place < lesson.Touched.Length; place++)
        {
            _popularity.Add(lesson.Touched[place]);
            _sessions.Add(lesson.Number, place, lesson.Touched[place]);
        }

        if (lesson.Shown.IsEmpty && lesson.Rewarded.IsEmpty)
        {
            return;
        }

        Decisions += lesson.Shown.IsEmpty ? 0 : 1;
        Rewards += lesson.Rewarded.Length;
        var bucket = BucketAt(lesson.At);
        if (bucket is null)
        {
            Forgotten++;
        }

        foreach (var shown in lesson.Shown)
        {
            bucket?.AddShown(shown.Features);
            var counts = _counts.GetValueOrDefault(shown.Item);
            _counts[shown.Item] = counts with { Shown = counts.Shown + 1 };
        }

        foreach (var rewarded in lesson.Rewarded)
        {
            bucket?.AddReward(rewarded.Features, rewarded.Type, rewarded.Amount);
            if (rewarded.Type is RewardType.Click)
            {
                var counts = _counts.GetValueOrDefault(rewarded.Item);
                _counts[rewarded.Item] = counts with { Clicked = counts.Clicked + Math.Sign(rewarded.Amount) };
            }
        }
    }

    /// <summary>Closes what was learned so far under the next version, without making the policy.</summary>
    public void Advance()
    {
        Version++;
        _sessions.Publish();
    }

    /// <summary>The policy of the present version. Call it after <see cref="Advance"/>.</summary>
    public LinearPolicy Policy()
    {
        var gram = new double[RidgeStatistics.GramLength];
        var sums = new double[FeatureVector.Length];
        var rows = 0.0;
        foreach (var (bucket, statistics) in _buckets)
        {
            var weight = WeightOf(bucket);
            rows += weight * statistics.Rows;
            for (var i = 0; i < gram.Length; i++)
            {
                gram[i] += weight * statistics.Gram[i];
            }

            for (var type = 0; type < RidgeStatistics.RewardTypes; type++)
            {
                var worth = weight * _options.RewardWeights[type];
                var rewards = statistics.Rewards.Slice(type * FeatureVector.Length, FeatureVector.Length);
                for (var i = 0; i < sums.Length; i++)
                {
                    sums[i] += worth * rewards[i];
                }
            }
        }

        return LinearPolicy.Solve(Version, gram, sums, _options.Ridge, rows, _counts.ToImmutable(), _sessions, _popularity.MostTouched(_options.PopularMax));
    }

    /// <summary>Everything in it, for a snapshot and for its hash.</summary>
    public LearnerImage Image() => new(
        Version, Decisions, Rewards, Lessons, Forgotten,
        [.. _buckets.Select(pair => (pair.Key, pair.Value.Copy()))],
        [.. _counts.Where(pair => pair.Value.Shown != 0 || pair.Value.Clicked != 0)
            .OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value.Shown, pair.Value.Clicked))],
        [.. _popularity.Hours.Select(pair => (pair.Key, pair.Value.OrderBy(touch => touch.Key).ToImmutableArray()))],
        _sessions.Image());

    private TimeSpan BucketSpan => _options.HalfLife / 2;

    private RidgeStatistics? BucketAt(DateTimeOffset at)
    {
        var bucket = at.UtcTicks / BucketSpan.Ticks;
        if (!_buckets.TryGetValue(bucket, out var statistics))
        {
            if (_buckets.Count > 0 && bucket <= _buckets.Keys.Last() - _options.BucketsMax)
            {
                return null;
            }

            _buckets[bucket] = statistics = new RidgeStatistics();
            foreach (var old in _buckets.Keys.Where(key => key <= _buckets.Keys.Last() - _options.BucketsMax).ToList())
            {
                _buckets.Remove(old);
            }
        }

        return statistics;
    }

    // √½ᵏ by multiplication: the same bits everywhere, which a library's power function does not promise.
    private double WeightOf(long bucket)
    {
        var weight = 1.0;
        for (var age = _buckets.Keys.Last() - bucket; age > 0; age--)
        {
            weight *= 0.70710678118654757;
        }

        return weight;
    }
}
