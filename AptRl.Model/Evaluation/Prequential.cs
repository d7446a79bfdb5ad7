using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Recommenders.Online;

namespace AptRl.Model.Evaluation;

/// <summary>Lives through a log by global time: each touch is first a question and only then something to learn.</summary>
/// <remarks>
/// Test, then train (Dawid 1984; Gama, Sebastião and Rodrigues 2013). The oldest part is fitted. Then for each touch, in
/// order: the recommender is asked for it, if it is wanted, knowing all that its user did before; then it joins what waits
/// to be learned; and what waits is learned when the schedule says so. So no answer is learned before its question. All
/// recommenders and schedules get the same questions; they differ in what was learned by then, and in nothing else.
/// </remarks>
public sealed class Prequential
{
    private const int WarmUpQuestions = 20;

    private readonly EventLog _log;
    private readonly int _until;

    /// <summary>Takes the log and cuts it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Prequential(EventLog log, PrequentialOptions options)
    {
        options.Checked();
        _log = log;
        FitTouches = Math.Clamp((int)(options.FitShare * log.Touches.Length), 1, log.Touches.Length - 1);
        _until = Math.Clamp((int)Math.Ceiling(options.UntilShare * log.Touches.Length), FitTouches + 1, log.Touches.Length);
    }

    /// <summary>The oldest touches, which recommenders are fitted to.</summary>
    public int FitTouches { get; }

    /// <summary>The touches after them, each asked about where it is wanted and then learned.</summary>
    public ReadOnlySpan<UserTouch> Asked => _log.Touches.AsSpan()[FitTouches.._until];

    /// <summary>Runs one recommender under one schedule.</summary>
    /// <param name="start">Its fit to the first <see cref="FitTouches"/>.</param>
    /// <param name="schedule">When it learns.</param>
    /// <param name="progress">Told the share that is done; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    public PrequentialRun Run(IOnlineStart start, LearningSchedule schedule, IProgress<double>? progress, CancellationToken cancellation)
    {
        var met = new MetItems(_log.Items);
        var fitItems = _log.ItemsMet(FitTouches);
        met.Meet(fitItems - 1);
        using var recommender = start.Begin(met);
        WarmUp(recommender, met.Count);

        var answers = ImmutableArray.CreateBuilder<PrequentialAnswer>();
        var predicting = ImmutableArray.CreateBuilder<double>();
        var learning = ImmutableArray.CreateBuilder<double>();
        var waiting = new List<UserTouch>();
        var learnedUpTo = _log.Touches[FitTouches - 1].Touch.Seconds;
        var scores = new float[_log.ItemsMet(_until)];
        for (var at = FitTouches; at < _until; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            var touch = _log.Touches[at];
            if (waiting.Count > 0 && IsDue(schedule, waiting[0].Touch.Seconds, touch.Touch.Seconds))
            {
                var from = Stopwatch.GetTimestamp();
                recommender.Learn(CollectionsMarshal.AsSpan(waiting));
                learning.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                learnedUpTo = waiting[^1].Touch.Seconds;
                waiting.Clear();
            }

            if (touch.Touch.IsWanted)
            {
                var own = scores.AsSpan(0, met.Count);
                var from = Stopwatch.GetTimestamp();
                recommender.Score([new Question(touch.History, touch.Touch.Seconds)], own);
                predicting.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                answers.Add(new PrequentialAnswer(
                    RankOf(touch.Touch.Item, own), touch.User, (InteractionKind)touch.Touch.Kind, NoveltyOf(touch, met.Count, fitItems),
                    touch.Touch.Seconds, touch.Touch.Seconds - learnedUpTo, waiting.Count));
            }

            met.Meet(touch.Touch.Item);
            waiting.Add(touch);
            progress?.Report((at + 1d - FitTouches) / (_until - FitTouches));
        }

        return new PrequentialRun(schedule, answers.ToImmutable(), predicting.ToImmutable(), learning.ToImmutable());
    }

    /// <summary>Whether what waits since a moment is learned before the next touch is asked about.</summary>
    private static bool IsDue(LearningSchedule schedule, long waitingSince, long now) => schedule switch
    {
        LearningSchedule.Frozen => false,
        LearningSchedule.PerEvent => true,
        _ => Period(waitingSince, schedule) < Period(now, schedule),
    };

    private static long Period(long seconds, LearningSchedule schedule) => seconds / (schedule is LearningSchedule.Daily ? 86_400 : 3_600);

    private static int RankOf(int item, ReadOnlySpan<float> scores)
        => item >= scores.Length || scores[item] is float.NegativeInfinity ? RankedAnswer.Miss : RankingJudge.CountNotBelow(scores, scores[item]);

    private static TargetNovelty NoveltyOf(UserTouch touch, int metItems, int fitItems)
    {
        foreach (var before in touch.History.Span)
        {
            if (before.Item == touch.Touch.Item)
            {
                return TargetNovelty.Repeat;
            }
        }

        return touch.Touch.Item >= metItems ? TargetNovelty.Unmet
            : touch.Touch.Item >= fitItems ? TargetNovelty.Since
            : TargetNovelty.Fitted;
    }

    // The first calls compile code, which is no part of a prediction's time.
    private void WarmUp(IOnlineRecommender recommender, int items)
    {
        var scores = new float[items];
        foreach (var touch in _log.Touches.AsSpan()[Math.Max(0, FitTouches - WarmUpQuestions)..FitTouches])
        {
            recommender.Score([new Question(touch.History, touch.Touch.Seconds)], scores);
        }
    }
}
