using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>What an item scores before anything is known of the question, and what tells two equal scores apart.</summary>
/// <remarks>
/// All numbers are below 0 and no two known items share one: the heavier item stands higher, then the one touched more
/// often, then the one touched later, then the one with the lower index. An item that the fit never saw has -∞.
/// </remarks>
internal sealed class PopularityFloor
{
    // Far below any difference that a model means, far above what is lost in a float near 1.
    private const float TieShare = 1e-6f;

    private readonly float[] _floor;
    private readonly float[] _tie;

    private PopularityFloor(double[] weights, TrainingPart training)
    {
        var counts = CountTouches(training);
        var newest = new int[counts.Length];
        for (var sequence = 0; sequence < training.Sequences.Count; sequence++)
        {
            foreach (var touch in training.Sequences[sequence])
            {
                if (touch is { Item: >= 0, IsWanted: true })
                {
                    newest[touch.Item] = sequence;
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, counts.Length).Where(item => counts[item] > 0)
            .OrderByDescending(item => weights[item]).ThenByDescending(item => counts[item]).ThenByDescending(item => newest[item])];
        _floor = new float[counts.Length];
        _tie = new float[counts.Length];
        Array.Fill(_floor, float.NegativeInfinity);
        for (var rank = 0; rank < order.Length; rank++)
        {
            _floor[order[rank]] = -(rank + 1f) / (order.Length + 1f);
            _tie[order[rank]] = TieShare * (1 + _floor[order[rank]]);
        }
    }

    /// <summary>N.</summary>
    internal int Count => _floor.Length;

    /// <summary>By touches in the whole training part.</summary>
    internal static PopularityFloor AllTime(TrainingPart training) => new(CountTouches(training), training);

    /// <summary>By weights of one's own, [N].</summary>
    internal static PopularityFloor By(double[] weights, TrainingPart training) => new(weights, training);

    /// <summary>The floor alone: for a question of which nothing is known.</summary>
    internal void Write(Span<float> scores) => _floor.CopyTo(scores);

    /// <summary>Puts every item with evidence above all without, and breaks the ties of both.</summary>
    /// <param name="evidence">[N], at most about 1; what is not above 0 is none. Becomes the scores.</param>
    internal void Settle(Span<float> evidence)
    {
        for (var item = 0; item < evidence.Length; item++)
        {
            evidence[item] = evidence[item] > 0 ? evidence[item] + _tie[item] : _floor[item];
        }
    }

    /// <summary>Breaks the ties of scores that every item has, and takes out those the fit never saw.</summary>
    /// <param name="scores">[N]</param>
    internal void BreakTies(Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = _floor[item] == float.NegativeInfinity ? float.NegativeInfinity : scores[item] + _tie[item];
        }
    }

    private static double[] CountTouches(TrainingPart training)
    {
        var counts = new double[training.Items.Length];
        foreach (var touch in training.Sequences.SelectMany(touches => touches))
        {
            if (touch is { Item: >= 0, IsWanted: true })
            {
                counts[touch.Item]++;
            }
        }

        return counts;
    }
}
