using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Model.Learning;

/// <summary>All that one scenario has learned: a fold of lessons.</summary>
/// <remarks>
/// The regression of <see cref="RidgeLearner"/>, beside it counts of popularity and clicks and the shop's sessions, and where the
/// scenario asks for it an <see cref="ActorCriticLearner"/> or a <see cref="DeepQLearner"/>, which then ranks. Between two publications the order of lessons does
/// not matter: the same set gives the same parameters to the bit.
/// </remarks>
public sealed class Learner
{
    private readonly LearnerOptions _options;
    private readonly ILearner? _ranking;
    private RidgeLearner _ridge;
    private ImmutableArray<ILearner> _learners;
    private readonly ImmutableDictionary<ItemId, ItemCounts>.Builder _counts = ImmutableDictionary.CreateBuilder<ItemId, ItemCounts>();
    private readonly Popularity _popularity;
    private readonly LiveSessions _sessions;
    private readonly ExposureMemory _lastSlates;

    /// <summary>Nothing learned yet.</summary>
    public Learner(LearnerOptions options)
        : this(options.Checked(), new LiveSessions(options), new RidgeLearner(options, [], 0), Fresh(options), new ExposureMemory(options.ExposureSlates))
    {
    }

    /// <summary>A learner as it was. Other rewards keep what it has learned.</summary>
    /// <exception cref="InvalidOperationException">It was learned by another kind of learner.</exception>
    public Learner(LearnerImage image, LearnerOptions options)
        : this(options.Checked(), new LiveSessions(image.Sessions, options), new RidgeLearner(options, image.Buckets, image.Forgotten), Restored(image, options),
            image.LastSlates is { } slates ? new ExposureMemory(options.ExposureSlates, slates) : new ExposureMemory(options.ExposureSlates))
    {
        foreach (var (item, shown, clicked) in image.Exposures)
        {
            _counts[item] = new ItemCounts(0, 0, 0, shown, clicked);
        }

        foreach (var (hour, touches) in image.Hours)
        {
            _popularity.Restore(hour, touches);
        }

        (Version, Decisions, Rewards, Lessons) = (image.Version, image.Decisions, image.Rewards, image.Lessons);
        (Encoder, Foreign) = (image.Encoder, image.Foreign);
    }

    private Learner(LearnerOptions options, LiveSessions sessions, RidgeLearner ridge, ILearner? ranking, ExposureMemory lastSlates)
    {
        _lastSlates = lastSlates;
        (_options, _sessions, _popularity) = (options, sessions, new Popularity(_counts));
        (_ridge, _ranking) = (ridge, ranking);
        _learners = ranking is null ? [ridge] : [ridge, ranking];
    }

    /// <summary>Policies published so far.</summary>
    public long Version { get; private set; }

    /// <summary>Decisions learned from.</summary>
    public long Decisions { get; private set; }

    /// <summary>Rewards learned from, those taken back counted too; the value of a next slate is none.</summary>
    public long Rewards { get; private set; }

    /// <summary>Lessons taken.</summary>
    public long Lessons { get; private set; }

    /// <summary>Rows and rewards that came when their bucket was forgotten already.</summary>
    public long Forgotten => _ridge.Forgotten;

    /// <summary>Version of the encoder that the regression's rows are of; null where no encoder has ever taken over, and all rows count as of one.</summary>
    public string? Encoder { get; private set; }

    /// <summary>Lessons that came with features of another encoder since one took over: they count for clicks and popularity only.</summary>
    public long Foreign { get; private set; }

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
        Rewards += lesson.Rewarded.Count(rewarded => rewarded.Type is not RewardType.Next);
        if (Encoder is not null && lesson.Encoder is { } other && other != Encoder)
        {
            Foreign++;
        }
        else
        {
            LearnRows(lesson);
        }

        _lastSlates.Add(lesson.Shown);
        foreach (var shown in lesson.Shown)
        {
            var counts = _counts.GetValueOrDefault(shown.Item);
            _counts[shown.Item] = counts with { Shown = counts.Shown + 1 };
        }

        foreach (var rewarded in lesson.Rewarded.Where(rewarded => rewarded.Type is RewardType.Click))
        {
            var counts = _counts.GetValueOrDefault(rewarded.Item);
            _counts[rewarded.Item] = counts with { Clicked = counts.Clicked + Math.Sign(rewarded.Amount) };
        }
    }

    /// <summary>Takes of a lesson what the regression learns and nothing else: its touches and counts come when the lesson itself does.</summary>
    public void LearnRows(Lesson lesson)
    {
        foreach (var learner in _learners)
        {
            learner.Learn(lesson);
        }
    }

    /// <summary>The regression believes this from now on, beside what it has learned; null for nothing.</summary>
    public void StartFrom(RidgePrior? prior) => _ridge.StartFrom(prior);

    /// <summary>Another encoder takes over: its rows stand in place of those of the one before. Counts and sessions, which no encoder has a part in, stay.</summary>
    /// <param name="encoder">Its version: from now on only lessons with features of it enter the regression.</param>
    /// <param name="buckets">The rows, made anew with it.</param>
    /// <param name="forgotten">Lessons of them that came too late for their bucket.</param>
    /// <exception cref="InvalidOperationException">The scenario learns by steps too, which cannot be made anew.</exception>
    public void TakeOver(string encoder, ImmutableArray<(long Bucket, RidgeStatistics Statistics)> buckets, long forgotten)
    {
        if (_ranking is not null)
        {
            throw new InvalidOperationException(
                $"encoder {encoder} cannot take over from another: the steps of a learner of kind {_ranking.Kind} depend on what they were made from; let the scenario learn by ridge, or use a new data folder");
        }

        _ridge = new RidgeLearner(_options, [.. buckets.Select(bucket => (bucket.Bucket, bucket.Statistics.Copy()))], forgotten);
        _learners = [_ridge];
        Encoder = encoder;
    }

    /// <summary>Closes what was learned so far under the next version, without making the policy.</summary>
    public void Advance()
    {
        Version++;
        _sessions.Publish();
        _lastSlates.Publish();
        foreach (var learner in _learners)
        {
            learner.Publish();
        }
    }

    /// <summary>The policy of the present version. Call it after <see cref="Advance"/>.</summary>
    public LinearPolicy Policy()
    {
        var (gram, sums, rows) = _ridge.Weighted();
        var policy = LinearPolicy.Solve(
            Version, gram, sums, _options.Ridge, rows, _counts.ToImmutable(), _sessions, _popularity.MostTouched(_options.PopularMax));
        return _ranking switch
        {
            ActorCriticLearner actorCritic => policy.RankedBy(actorCritic.Actor),
            DeepQLearner deepQ => policy.ValuedBy(deepQ.Network),
            _ => policy,
        };
    }

    /// <summary>The policy of the present version, which leaves out what stood in too many of the last slates.</summary>
    /// <param name="exposureMax">Share of the last slates that an item may stand in; 1 for no bound.</param>
    public LinearPolicy Policy(double exposureMax) => exposureMax < 1 ? Policy().Without(_lastSlates.Above(exposureMax)) : Policy();

    /// <summary>Everything in it, for a snapshot and for its hash.</summary>
    public LearnerImage Image() => new(
        Version, Decisions, Rewards, Lessons, Forgotten,
        _ridge.Buckets,
        [.. _counts.Where(pair => pair.Value.Shown != 0 || pair.Value.Clicked != 0)
            .OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value.Shown, pair.Value.Clicked))],
        [.. _popularity.Hours.Select(pair => (pair.Key, pair.Value.OrderBy(touch => touch.Key).ToImmutableArray()))],
        _sessions.Image())
    {
        ActorCritic = (_ranking as ActorCriticLearner)?.Image(),
        DeepQ = (_ranking as DeepQLearner)?.Image(),
        Encoder = Encoder,
        Foreign = Foreign,
        LastSlates = _lastSlates.Image(),
    };

    private static ILearner? Fresh(LearnerOptions options)
        => options.Kind switch
        {
            LearnerKind.ActorCritic => new ActorCriticLearner(options),
            LearnerKind.DeepQ => new DeepQLearner(options),
            _ => null,
        };

    private static ILearner? Restored(LearnerImage image, LearnerOptions options)
        => (options.Kind, image.ActorCritic, image.DeepQ) switch
        {
            (LearnerKind.Ridge, null, null) => null,
            (LearnerKind.ActorCritic, { } actorCritic, null) => new ActorCriticLearner(actorCritic, options),
            (LearnerKind.DeepQ, null, { } deepQ) => new DeepQLearner(deepQ, options),
            _ => throw new InvalidOperationException(
                $"the learner's snapshot is not of a learner of kind {options.Kind}: delete the snapshots file, the journal rebuilds it"),
        };
}
