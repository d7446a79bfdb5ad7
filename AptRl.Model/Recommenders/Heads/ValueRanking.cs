using AptRl.Model.Datasets;
using AptRl.Model.Heads;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>How much Q says beside the supervised scores in ranking, chosen on held-out questions.</summary>
/// <remarks>
/// By Σ r·NDCG@20/Σ r, r what the wanted touch earns: purchases count five times a view. A Q of 0.1 at weight 10 moves a score
/// by 1, and supervised scores lie within ±14. Of equals the smallest weight.
/// </remarks>
internal static class ValueRanking
{
    private const int LengthMax = 20;
    private static readonly double[] Weights = [0, 1, 2, 5, 10, 20, 50];

    /// <summary>The best weight; tells what it and 0 are worth. 0 where nothing is held out.</summary>
    internal static double Choose(
        ValueNetwork network, TrainingSequences sequences, IReadOnlyList<AnsweredQuestion> validation, ValueOptions options, TrainingOptions trained,
        Dictionary<string, double> figures, CancellationToken cancellation)
    {
        var count = Math.Min(validation.Count, trained.ValidationTargetsMax);
        AnsweredQuestion[] asked = [.. Enumerable.Range(0, count).Select(at => validation[(int)((long)at * validation.Count / count)])];
        var windows = Array.ConvertAll(asked, one => NetworkTrainer.Asking(one.Question, sequences, network.Window, masked: false));
        var rows = Array.ConvertAll(asked, one => sequences.RowOf(one.Target));
        var earned = Array.ConvertAll(asked, one => (double)LoggedReturns.RewardOf(one.Kind, options.RewardWeights));
        var (best, worth) = (0d, 0d);
        foreach (var weight in Weights)
        {
            network.ValueWeight = weight;
            var gain = Worth(count == 0 ? [] : NextItemValidation.Ranks(network, sequences.Vocabulary, windows, rows, cancellation), earned);
            figures[FormattableString.Invariant($"validation.ndcg@20.byReward.weight{weight}")] = gain;
            (best, worth) = weight == 0 || gain > worth ? (weight, gain) : (best, worth);
        }

        figures["valueWeight"] = best;
        return best;
    }

    /// <summary>Σ r·NDCG@20/Σ r; 0 where nothing is earned.</summary>
    internal static double Worth(long[] ranks, double[] earned)
    {
        var (sum, all) = (0d, earned.Sum());
        for (var i = 0; i < ranks.Length; i++)
        {
            sum += ranks[i] <= LengthMax ? earned[i] / Math.Log2(ranks[i] + 1) : 0;
        }

        return all > 0 ? sum / all : 0;
    }
}
