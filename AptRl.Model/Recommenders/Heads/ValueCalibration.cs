using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Heads;
using AptRl.Model.Training;
using static TorchSharp.torch;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>Whether Q means what it says: its value of what was done beside what came of it, and its best beside what was ever seen.</summary>
/// <remarks>
/// On held-out questions. <c>q.logged</c> against <c>return.logged</c>: the mean Q of the action taken, and the mean discounted
/// reward that followed in its session. <c>q.maxSeen</c>, <c>q.maxRandom</c>, <c>q.maxAll</c>: the mean over questions of the
/// highest Q among the items of the user's history, among as many drawn evenly, and in the whole catalogue. A Q that
/// overestimates what it has never seen has a <c>maxRandom</c> near or above <c>maxSeen</c> (Fujimoto et al. 2019,
/// arXiv:1812.02900, call it extrapolation error).
/// </remarks>
internal static class ValueCalibration
{
    private const int QuestionsMax = 2_000;
    private const int QuestionsAtOnce = 64;
    private static readonly string[] Names = ["q.logged", "return.logged", "q.maxSeen", "q.maxRandom", "q.maxAll"];

    internal static void Measure(
        ValueNetwork network, TrainingSequences sequences, TrainingPart training, IReadOnlyList<AnsweredQuestion> validation, ValueOptions options,
        FitContext context, Dictionary<string, double> figures)
    {
        var known = validation.Where(asked => sequences.RowOf(asked.Target) >= sequences.Vocabulary.FirstKnownRow && !asked.Question.History.IsEmpty).ToArray();
        var count = Math.Min(QuestionsMax, known.Length);
        AnsweredQuestion[] asked = [.. Enumerable.Range(0, count).Select(at => known[(int)((long)at * known.Length / count)])];
        var logged = new LoggedReturns(training.Sequences, options with { ShufflesRewards = false }, context.Seed);
        var returns = logged.Returns(options.Discount);
        var chance = new Chance(context.Seed).Split("calibration");
        var sums = new double[Names.Length];
        for (var from = 0; from < count; from += QuestionsAtOnce)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var part = asked.AsSpan(from, Math.Min(QuestionsAtOnce, count - from));
            var values = Values(network, sequences, part);
            var items = values.Length / part.Length;
            for (var i = 0; i < part.Length; i++)
            {
                var own = values.AsSpan(i * items, items);
                var (seen, random) = (float.NegativeInfinity, float.NegativeInfinity);
                foreach (var row in SeenRows(part[i].Question.History.Span, sequences))
                {
                    seen = Math.Max(seen, own[row]);
                    random = Math.Max(random, own[chance.Next(items)]);
                }

                sums[0] += own[sequences.RowOf(part[i].Target) - sequences.Vocabulary.FirstKnownRow];
                sums[1] += returns[logged.FirstOf(part[i].Cluster) + part[i].Question.History.Length];
                sums[2] += float.IsFinite(seen) ? seen : 0;
                sums[3] += float.IsFinite(random) ? random : 0;
                sums[4] += System.Numerics.Tensors.TensorPrimitives.Max<float>(own);
            }
        }

        foreach (var (name, sum) in Names.Zip(sums))
        {
            figures[name] = sum / Math.Max(1, count);
        }
    }

    /// <summary>Known items of a history, each once, as places among the known rows.</summary>
    private static HashSet<int> SeenRows(ReadOnlySpan<IndexedTouch> history, TrainingSequences sequences)
    {
        var rows = new HashSet<int>();
        foreach (var touch in history)
        {
            if (sequences.RowOf(touch.Item) - sequences.Vocabulary.FirstKnownRow is >= 0 and var row)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <returns>[B · N]</returns>
    private static float[] Values(ValueNetwork network, TrainingSequences sequences, ReadOnlySpan<AnsweredQuestion> asked)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var windows = new Token[asked.Length][];
        for (var i = 0; i < windows.Length; i++)
        {
            windows[i] = NetworkTrainer.Asking(asked[i].Question, sequences, network.Window, masked: false);
        }

        var items = network.ItemVectors(arange(sequences.Vocabulary.FirstKnownRow, sequences.Vocabulary.Rows, dtype: int64));
        var states = tensor(network.Newest(windows), [windows.Length, items.shape[1]]);
        var mean = network.ItemVectors(tensor(ValueLoss.Actions(sequences))).mean([0]);
        return network.Values(states, items, mean).contiguous().data<float>().ToArray();
    }
}
