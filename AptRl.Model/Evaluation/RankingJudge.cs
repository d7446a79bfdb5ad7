using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using AptRl.Model.Datasets;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Evaluation;

/// <summary>Asks a recommender all questions and finds the place of each target in the whole catalogue.</summary>
/// <remarks>
/// The place is the number of items whose score is not below the target's, so that ties count against the recommender, and
/// so does a score that is not a number. No item is sampled: Krichene and Rendle 2020 show that ranks among sampled items
/// may order recommenders wrongly.
/// </remarks>
public sealed class RankingJudge
{
    /// <summary>Items of a list in which coverage and popularity are counted.</summary>
    public const int ListLength = 20;

    private const int QuestionsAtOnce = 64;
    private const double NoBias = 0.5;

    private readonly ImmutableArray<AnsweredQuestion> _questions;
    private readonly double[] _percentiles;

    /// <summary>Takes what is asked.</summary>
    /// <param name="training">Tells the catalogue and how popular its items are.</param>
    /// <param name="questions">With their answers, which the recommender does not see.</param>
    public RankingJudge(TrainingPart training, ImmutableArray<AnsweredQuestion> questions)
        => (_questions, _percentiles) = (questions, Percentiles(training));

    private int Items => _percentiles.Length;

    /// <summary>Asks all questions.</summary>
    /// <param name="recommender">Who is asked.</param>
    /// <param name="progress">Told the share of questions that are done; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    public Judgement Judge(IRecommender recommender, IProgress<double>? progress, CancellationToken cancellation)
    {
        var scores = new float[Math.Min(QuestionsAtOnce, _questions.Length) * Items];
        var questions = _questions.Select(answered => answered.Question).ToArray();
        var answers = ImmutableArray.CreateBuilder<RankedAnswer>(questions.Length);
        var covered = new bool[Items];
        var best = new BestItems(ListLength);
        for (var from = 0; from < questions.Length; from += QuestionsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(QuestionsAtOnce, questions.Length - from);
            recommender.Score(questions.AsSpan(from, count), scores.AsSpan(0, count * Items));
            for (var at = 0; at < count; at++)
            {
                answers.Add(Answer(_questions[from + at], scores.AsSpan(at * Items, Items), best, covered));
            }

            progress?.Report((double)(from + count) / questions.Length);
        }

        return new Judgement(answers.MoveToImmutable(), (double)covered.Count(isCovered => isCovered) / Math.Max(1, Items));
    }

    private RankedAnswer Answer(AnsweredQuestion asked, ReadOnlySpan<float> scores, BestItems best, bool[] covered)
    {
        var list = best.Of(scores);
        var popularity = list.IsEmpty ? NoBias : 0.0;
        foreach (var item in list)
        {
            covered[item] = true;
            popularity += _percentiles[item] / list.Length;
        }

        var target = asked.Target;
        var history = asked.Question.History.Span;
        var isRepeat = asked.IsRepeat;
        if (target == IndexedTouch.NoItem || scores[target] is float.NegativeInfinity)
        {
            return new RankedAnswer(RankedAnswer.Miss, RankedAnswer.Miss, isRepeat, popularity, asked.Cluster, asked.Kind);
        }

        var rank = CountNotBelow(scores, scores[target]);
        return new RankedAnswer(rank, isRepeat ? RankedAnswer.Miss : rank - SeenNotBelow(history, scores, scores[target]), isRepeat, popularity, asked.Cluster, asked.Kind);
    }

    private static int SeenNotBelow(ReadOnlySpan<IndexedTouch> history, ReadOnlySpan<float> scores, float bound)
    {
        var seen = new HashSet<int>();
        foreach (var touch in history)
        {
            if (touch.Item != IndexedTouch.NoItem && !(scores[touch.Item] < bound))
            {
                seen.Add(touch.Item);
            }
        }

        return seen.Count;
    }

    /// <summary>How many scores are not below a bound; one that is not a number is not.</summary>
    internal static int CountNotBelow(ReadOnlySpan<float> scores, float bound)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var (limit, below) = (new Vector<float>(bound), Vector<int>.Zero);
        foreach (var vector in vectors)
        {
            // A lane that is below has all bits set, which is -1.
            below -= Vector.LessThan(vector, limit);
        }

        var count = Vector.Sum(below);
        foreach (var score in scores[(vectors.Length * Vector<float>.Count)..])
        {
            count += score < bound ? 1 : 0;
        }

        return scores.Length - count;
    }

    /// <summary>Share of the catalogue that is touched less, half of those touched as often counted in.</summary>
    private static double[] Percentiles(TrainingPart training)
    {
        var counts = new int[training.Items.Length];
        foreach (var touch in training.Sequences.SelectMany(touches => touches))
        {
            counts[touch.Item]++;
        }

        int[] sorted = [.. counts.Order()];
        var percentiles = new Dictionary<int, double>();
        for (var from = 0; from < sorted.Length;)
        {
            var to = from;
            while (to < sorted.Length && sorted[to] == sorted[from])
            {
                to++;
            }

            percentiles[sorted[from]] = (from + to) / 2.0 / sorted.Length;
            from = to;
        }

        return [.. counts.Select(count => percentiles[count])];
    }
}
