using System.Collections.Immutable;

namespace AptRl.Model.Learning;

/// <summary>Ridge regression on what was shown: the value of an item in a state as θ·x(s, i). The default learner.</summary>
/// <remarks>
/// For each reward type Q_r(s, i) = θ_r·x(s, i), kept as additive integer statistics in buckets of event time: a neural-linear
/// head in the sense of Riquelme et al. 2018 (arXiv:1802.09127). Forgetting: a bucket that is k half half-lives old counts √½ᵏ,
/// applied when a policy is published, so the sums stay exact and any order of lessons gives the same bits.
/// The target is the reward, and with a discount the reward plus γ times the value of the next slate as it was computed when that
/// was decided: a further sum (<see cref="RewardType.Next"/>), so that a replay only adds.
/// </remarks>
public sealed class RidgeLearner : ILearner
{
    private readonly LearnerOptions _options;
    private readonly SortedDictionary<long, RidgeStatistics> _buckets = [];
    private RidgePrior? _prior;

    /// <summary>A regression with these buckets.</summary>
    public RidgeLearner(LearnerOptions options, ImmutableArray<(long Bucket, RidgeStatistics Statistics)> buckets, long forgotten)
    {
        (_options, Forgotten, _prior) = (options, forgotten, options.Prior);
        foreach (var (bucket, statistics) in buckets)
        {
            _buckets[bucket] = statistics;
        }
    }

    /// <inheritdoc/>
    public LearnerKind Kind => LearnerKind.Ridge;

    /// <summary>Lessons that came when their bucket was forgotten already.</summary>
    public long Forgotten { get; private set; }

    /// <summary>The statistics, oldest first; copies.</summary>
    public ImmutableArray<(long Bucket, RidgeStatistics Statistics)> Buckets => [.. _buckets.Select(pair => (pair.Key, pair.Value.Copy()))];

    private TimeSpan BucketSpan => _options.HalfLife / 2;

    /// <inheritdoc/>
    public void Learn(Lesson lesson)
    {
        var bucket = BucketAt(lesson.At);
        if (bucket is null)
        {
            Forgotten++;
            return;
        }

        foreach (var shown in lesson.Shown)
        {
            bucket.AddShown(shown.Features);
        }

        foreach (var rewarded in lesson.Rewarded)
        {
            bucket.AddReward(rewarded.Features, rewarded.Type, rewarded.Amount);
        }
    }

    /// <summary>Nothing to do: sums need no step.</summary>
    public void Publish()
    {
    }

    /// <summary>Believes this from now on, beside what it has learned; null for nothing.</summary>
    public void StartFrom(RidgePrior? prior) => _prior = prior;

    /// <summary>The sums as they count now, in units of 2⁻²⁴: Σ x xᵀ (upper triangle), Σ y x with rewards by their worth, and the rows; the prior's among them.</summary>
    public (double[] Gram, double[] Sums, double Rows) Weighted()
    {
        var gram = new double[RidgeStatistics.GramLength];
        var sums = new double[FeatureVector.Length];
        var rows = 0.0;
        foreach (var (bucket, statistics) in _buckets)
        {
            Add(statistics, WeightOf(bucket));
        }

        if (_prior is { } prior)
        {
            Add(prior.Statistics, prior.WeightAfter(rows));
        }

        return (gram, sums, rows);

        void Add(RidgeStatistics statistics, double weight)
        {
            rows += weight * statistics.Rows;
            for (var i = 0; i < gram.Length; i++)
            {
                gram[i] += weight * statistics.Gram[i];
            }

            for (var type = 0; type < RidgeStatistics.RewardTypes; type++)
            {
                var worth = weight * _options.Rewards.WorthOf((RewardType)type);
                var rewards = statistics.Rewards.Slice(type * FeatureVector.Length, FeatureVector.Length);
                for (var i = 0; i < sums.Length && worth != 0; i++)
                {
                    sums[i] += worth * rewards[i];
                }
            }
        }
    }

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
