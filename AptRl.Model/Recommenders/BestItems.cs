using System.Numerics;
using System.Runtime.InteropServices;

namespace AptRl.Model.Recommenders;

/// <summary>Finds the few items with the highest scores; of equal ones the first. An item at -∞ is never among them.</summary>
internal sealed class BestItems(int length)
{
    private readonly PriorityQueue<int, (float Score, int Order)> _worstFirst = new(length);
    private readonly int[] _items = new int[length];

    /// <summary>Their numbers in no order, until the next call.</summary>
    public ReadOnlySpan<int> Of(ReadOnlySpan<float> scores)
    {
        _worstFirst.Clear();
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var bound = float.NegativeInfinity;
        for (var at = 0; at < vectors.Length; at++)
        {
            if (Vector.GreaterThanAny(vectors[at], new Vector<float>(bound)))
            {
                bound = Offer(scores, at * Vector<float>.Count, (at + 1) * Vector<float>.Count, bound);
            }
        }

        Offer(scores, vectors.Length * Vector<float>.Count, scores.Length, bound);
        var count = 0;
        foreach (var (item, _) in _worstFirst.UnorderedItems)
        {
            _items[count++] = item;
        }

        return _items.AsSpan(0, count);
    }

    /// <summary>Their numbers, best first, of equals the first first, until the next call.</summary>
    public ReadOnlySpan<int> InOrder(ReadOnlySpan<float> scores)
    {
        var best = _items.AsSpan(0, Of(scores).Length);
        var keys = new (float, int)[best.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (-scores[best[i]], best[i]);
        }

        Array.Sort(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            best[i] = keys[i].Item2;
        }

        return best;
    }

    private float Offer(ReadOnlySpan<float> scores, int from, int to, float bound)
    {
        for (var item = from; item < to; item++)
        {
            if (scores[item] > bound)
            {
                if (_worstFirst.Count == length)
                {
                    _worstFirst.Dequeue();
                }

                _worstFirst.Enqueue(item, (scores[item], -item));
                bound = _worstFirst.Count == length && _worstFirst.TryPeek(out _, out var worst) ? worst.Score : float.NegativeInfinity;
            }
        }

        return bound;
    }
}
