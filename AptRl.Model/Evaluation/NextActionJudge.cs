using System.Collections.Immutable;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Heads;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Evaluation;

/// <summary>Asks what kind of touch comes next, and compares with the commonest kind and with a Markov chain of kinds.</summary>
/// <remarks>
/// The questions are those of the ranking, so a kind that is not asked for (a removal, a dismissal) is never the answer. Counts
/// of the baselines are from the training part, one added to each kind that occurs.
/// </remarks>
public static class NextActionJudge
{
    // A model that is sure and wrong loses this much and no more: -log of it is 13.8.
    private const float Least = 1e-6f;

    /// <summary>Judges; null where the questions tell fewer than two kinds.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="predictor">Who is asked.</param>
    /// <param name="training">What the baselines count.</param>
    /// <param name="test">The questions.</param>
    /// <param name="resamples">Bootstrap resamples.</param>
    /// <param name="chance">Draws clusters.</param>
    public static NextActionReport? Judge(
        string name, IKindPredictor predictor, TrainingPart training, ImmutableArray<AnsweredQuestion> test, int resamples, Chance chance)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(training);
        AnsweredQuestion[] asked = [.. test.Where(question => question.Kind > 0 && question.Kind < IKindPredictor.KindCount)];
        if (asked.DistinctBy(question => question.Kind).Count() < 2)
        {
            return null;
        }

        var kinds = IKindPredictor.KindCount;
        var ours = new float[asked.Length * kinds];
        predictor.PredictKinds(Array.ConvertAll(asked, question => question.Question), ours);
        var chain = new KindChain(training);
        var (majority, markov) = (new float[ours.Length], new float[ours.Length]);
        for (var at = 0; at < asked.Length; at++)
        {
            var history = asked[at].Question.History.Span;
            chain.Shares(null).CopyTo(majority.AsSpan(at * kinds));
            chain.Shares(history.IsEmpty ? 0 : Math.Min(history[^1].Kind, kinds - 1)).CopyTo(markov.AsSpan(at * kinds));
        }

        return new NextActionReport(
            asked.Length,
            asked.CountBy(question => (InteractionKind)question.Kind).OrderBy(kind => kind.Key).ToDictionary(kind => kind.Key, kind => (double)kind.Value / asked.Length),
            Forecast(name, asked, ours, resamples, chance),
            Forecast("majority", asked, majority, resamples, chance),
            Forecast("markov", asked, markov, resamples, chance),
            PairedDifference.Of(
                [.. asked.Select((question, at) => (question.Cluster, Ours: Loss(markov, at, question.Kind), Theirs: Loss(ours, at, question.Kind)))
                    .GroupBy(loss => loss.Cluster).Select(own => (own.Sum(loss => loss.Ours), own.Sum(loss => loss.Theirs), (double)own.Count()))],
                resamples, chance));
    }

    /// <summary>How often a positive is above a negative, ties counting half (Mann and Whitney 1947).</summary>
    internal static double Auc(IReadOnlyList<(float Score, bool IsPositive)> scored)
    {
        var (ranks, at) = (0d, 0);
        var sorted = scored.OrderBy(one => one.Score).ToArray();
        while (at < sorted.Length)
        {
            var to = at;
            while (to < sorted.Length && sorted[to].Score.Equals(sorted[at].Score))
            {
                to++;
            }

            // Ties share the mean of their ranks, which are at + 1 to `to`.
            ranks += sorted.Skip(at).Take(to - at).Count(one => one.IsPositive) * (at + 1 + to) / 2.0;
            at = to;
        }

        var positives = (double)sorted.Count(one => one.IsPositive);
        return (ranks - positives * (positives + 1) / 2) / (positives * (sorted.Length - positives));
    }

    private static KindForecast Forecast(string name, AnsweredQuestion[] asked, float[] probabilities, int resamples, Chance chance)
    {
        const int Columns = 3;
        var kinds = IKindPredictor.KindCount;
        var clusters = new Dictionary<int, double[]>();
        for (var at = 0; at < asked.Length; at++)
        {
            var own = probabilities.AsSpan(at * kinds, kinds);
            var sums = clusters.TryGetValue(asked[at].Cluster, out var there) ? there : clusters[asked[at].Cluster] = new double[Columns];
            sums[0] += Loss(probabilities, at, asked[at].Kind);
            sums[1] += own.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(own)) == asked[at].Kind ? 1 : 0;
            sums[2]++;
        }

        var intervals = ClusteredBootstrap.OfRatios([.. clusters.Values.SelectMany(sums => sums)], Columns, [(0, 2), (1, 2)], resamples, chance);
        return new KindForecast(name, intervals[0], intervals[1], asked.Select(question => question.Kind).Distinct().Order().ToDictionary(
            kind => (InteractionKind)kind,
            kind => Auc([.. asked.Select((question, at) => (probabilities[at * kinds + kind], question.Kind == kind))])));
    }

    private static double Loss(float[] probabilities, int at, byte kind)
        => -Math.Log(Math.Max(Least, probabilities[at * IKindPredictor.KindCount + kind]));
}
