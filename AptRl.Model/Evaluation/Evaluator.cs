using System.Collections.Immutable;
using System.Diagnostics;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Evaluation;

/// <summary>Fits recipes to the training part of a task and judges them by its test part, all by the same rules.</summary>
/// <remarks>
/// Settings are chosen by MRR@20 on a part cut from the training part, then the recipe is fitted anew to all of it; the
/// test part is asked once, at the end, and nothing that a recipe or the choice sees hangs on it.
/// </remarks>
public sealed class Evaluator
{
    private const double FitShare = 0.8;
    private const int TimedQuestions = 200;
    private const int WarmUpQuestions = 20;

    private readonly NextItemTask _task;
    private readonly EvaluationOptions _options;

    /// <summary>Takes the task and the rules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Evaluator(NextItemTask task, EvaluationOptions options)
    {
        _options = options.Checked();
        _task = task with { Test = EvaluationOptions.Spread(task.Test, _options.TestMax) };
    }

    /// <summary>The questions that are asked.</summary>
    public ImmutableArray<AnsweredQuestion> Test => _task.Test;

    /// <summary>Whether the ranking without seen items is reported too, as the literature on leave-one-out does.</summary>
    public bool IsFiltered => _task.Training.HoldOutRule is HoldOutRule.LastOfEach;

    /// <summary>Tunes, fits and judges one recipe.</summary>
    /// <param name="recipe">What to judge.</param>
    /// <param name="progress">Told how far it is, in [0, 1], with a word about it; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ModelReport Evaluate(IRecipe recipe, IProgress<(double Share, string Note)>? progress, CancellationToken cancellation)
    {
        var trialCount = Math.Min(_options.Trials, recipe.Trials.Count);
        var stages = new Stages(progress, (trialCount > 1 ? trialCount : 0) + _options.Seeds);
        var tuning = Stopwatch.StartNew();
        var trials = trialCount > 1 ? Tune(recipe, trialCount, stages, cancellation) : [];
        var tuneSeconds = trials.IsEmpty ? 0 : tuning.Elapsed.TotalSeconds;
        var best = BestOf(trials);

        var judge = new RankingJudge(_task.Training, _task.Test);
        var (judgements, trainSeconds, predict) = (ImmutableArray.CreateBuilder<Judgement>(), 0.0, 0.0);
        var (figures, nextActions) = (ImmutableArray.CreateBuilder<IReadOnlyDictionary<string, double>>(), ImmutableArray.CreateBuilder<NextActionReport>());
        PeakMemory.Restart();
        for (var seed = 0; seed < _options.Seeds; seed++)
        {
            var name = _options.Seeds == 1 ? "" : $"seed {seed + 1}/{_options.Seeds} ";
            var (fit, ask) = stages.Next(name);
            var clock = Stopwatch.StartNew();
            var earlier = 0.0;
            using var recommender = recipe.Fit(_task.Training, best, Context(seed, fit, cancellation) with { SpentEarlier = spent => earlier += spent });
            trainSeconds += (earlier + clock.Elapsed.TotalSeconds) / _options.Seeds;
            judgements.Add(judge.Judge(recommender, ask, cancellation));
            if (recommender is IFigures told)
            {
                figures.Add(told.Figures);
            }

            if (recommender is IKindPredictor predictor
                && NextActionJudge.Judge(recipe.Name, predictor, _task.Training, _task.Test, _options.Resamples, new Chance(_options.Seed).Split("kinds")) is { } foretold)
            {
                nextActions.Add(foretold);
            }

            predict = seed == 0 ? PredictMilliseconds(recommender) : predict;
        }

        return new ModelReport(
            recipe.Name, recipe.Trials[best], trials, tuneSeconds, trainSeconds, predict, PeakMemory.Megabytes(), judgements.ToImmutable())
        {
            Figures = figures.ToImmutable(),
            NextActions = nextActions.ToImmutable(),
        };
    }

    private ImmutableArray<TrialReport> Tune(IRecipe recipe, int count, Stages stages, CancellationToken cancellation)
    {
        var (fitPart, validation) = _task.Training.HoldOut();
        if (validation.IsEmpty)
        {
            return [];
        }

        var judge = new RankingJudge(fitPart, EvaluationOptions.Spread(validation, _options.ValidationMax));
        var trials = ImmutableArray.CreateBuilder<TrialReport>(count);
        for (var trial = 0; trial < count; trial++)
        {
            var (fit, ask) = stages.Next($"trial {trial + 1}/{count} ");
            var clock = Stopwatch.StartNew();
            using var recommender = recipe.Fit(fitPart, trial, Context(0, fit, cancellation));
            var fitSeconds = clock.Elapsed.TotalSeconds;
            var table = MetricTable.Of(judge.Judge(recommender, ask, cancellation).Answers, filtered: false);
            trials.Add(new TrialReport(recipe.Trials[trial], table[RankingMetrics.Selection], table["hr@20"], fitSeconds));
        }

        return trials.ToImmutable();
    }

    /// <summary>Of equally good settings the first; the first also where nothing was tried.</summary>
    private static int BestOf(ImmutableArray<TrialReport> trials)
        => trials.Select((trial, index) => (trial.ReciprocalRankAt20, Index: index)).DefaultIfEmpty()
            .MaxBy(trial => (trial.ReciprocalRankAt20, -trial.Index)).Index;

    private FitContext Context(int seed, IProgress<(double, string)> progress, CancellationToken cancellation)
        => new(_options.Seed + (ulong)seed, _options.Quick, progress, cancellation) { WorkFolder = _options.WorkFolder };

    private double PredictMilliseconds(IRecommender recommender)
    {
        var questions = EvaluationOptions.Spread(_task.Test, TimedQuestions).Select(answered => answered.Question).ToArray();
        var scores = new float[_task.Training.Items.Length];
        foreach (var question in questions.Take(WarmUpQuestions))
        {
            recommender.Score([question], scores);
        }

        var times = new double[questions.Length];
        for (var at = 0; at < times.Length; at++)
        {
            var from = Stopwatch.GetTimestamp();
            recommender.Score([questions[at]], scores);
            times[at] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    /// <summary>Cuts the progress of one recipe into as many equal stages as there are fits, each of a fit and its questions.</summary>
    private sealed class Stages(IProgress<(double Share, string Note)>? progress, int count)
    {
        private int _next;

        public (IProgress<(double, string)> Fit, IProgress<double> Ask) Next(string name)
        {
            var from = (double)_next++ / count;
            return (
                new Relay<(double Share, string Note)>(told => progress?.Report((from + FitShare * Math.Clamp(told.Share, 0, 1) / count, name + told.Note))),
                new Relay<double>(share => progress?.Report((from + (FitShare + (1 - FitShare) * share) / count, name + "questions"))));
        }
    }

    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
