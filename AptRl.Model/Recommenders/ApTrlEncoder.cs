using System.Numerics.Tensors;
using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders;

/// <summary>The state of AP-TRL's Algorithm 1: the mean of what an untrained transformer makes of randomly embedded tokens.</summary>
/// <remarks>
/// Gupta and Nagaraj: the last 20 interactions become flat tokens, item and interaction alternating, these integer ids,
/// these random embeddings; the transformer's outputs are averaged. The paper leaves open, and we chose: one layer, one
/// head, softmax(QKᵀ/√d)V, then ReLU with 4 D inside, each with residual and layer norm after it as in Vaswani et al. 2017
/// (arXiv:1706.03762), no mask; every number normal with variance 1 over the inputs (embeddings 1); no position is added
/// unless asked for, as the algorithm names none, so that the order of the history hardly matters. No step of the
/// algorithm trains a weight, so none is trained. An item that training never saw shares one token with all such.
/// </remarks>
internal sealed class ApTrlEncoder
{
    /// <summary>Interactions in a window.</summary>
    internal const int Window = 20;

    private const int Kinds = 256;
    private const double WaveLength = 10_000;

    private readonly int _width;
    private readonly int _itemCount;
    private readonly float[] _embeddings;
    private readonly float[] _query;
    private readonly float[] _key;
    private readonly float[] _value;
    private readonly float[] _output;
    private readonly float[] _feedIn;
    private readonly float[] _feedOut;
    private readonly float[]? _positions;

    internal ApTrlEncoder(int itemCount, int width, bool positions, ulong seed)
    {
        (_itemCount, _width) = (itemCount, width);
        var chance = new Chance(seed).Split("ap-trl");
        _embeddings = Drawn(chance.Split("embeddings"), (itemCount + 1 + Kinds) * width, 1);
        _query = Drawn(chance.Split("query"), width * width, width);
        _key = Drawn(chance.Split("key"), width * width, width);
        _value = Drawn(chance.Split("value"), width * width, width);
        _output = Drawn(chance.Split("output"), width * width, width);
        _feedIn = Drawn(chance.Split("feed in"), 4 * width * width, width);
        _feedOut = Drawn(chance.Split("feed out"), 4 * width * width, 4 * width);
        _positions = positions ? Waves(2 * Window, width) : null;
    }

    /// <summary>The items' own embeddings, each of length 1: [N, D].</summary>
    internal float[] UnitItems()
    {
        var items = _embeddings.AsSpan(0, _itemCount * _width).ToArray();
        for (var item = 0; item < _itemCount; item++)
        {
            var vector = items.AsSpan(item * _width, _width);
            TensorPrimitives.Divide(vector, FixedOrder.Length(vector), vector);
        }

        return items;
    }

    /// <summary>The embedding of the newest interactions of a history: [D].</summary>
    internal float[] Encode(ReadOnlySpan<IndexedTouch> history)
    {
        var touches = history[Math.Max(0, history.Length - Window)..];
        var tokens = 2 * touches.Length;
        var stream = new float[tokens * _width];
        for (var i = 0; i < touches.Length; i++)
        {
            Embed(touches[i].Item < 0 ? _itemCount : touches[i].Item, 2 * i, stream);
            Embed(_itemCount + 1 + touches[i].Kind, 2 * i + 1, stream);
        }

        AddNormed(stream, Applied(_output, Attended(stream, tokens), tokens));
        var fed = Applied(_feedIn, stream, tokens);
        TensorPrimitives.Max(fed, 0, fed);
        AddNormed(stream, Applied(_feedOut, fed, tokens));

        var mean = new float[_width];
        for (var token = 0; token < tokens; token++)
        {
            TensorPrimitives.Add(mean, stream.AsSpan(token * _width, _width), mean);
        }

        TensorPrimitives.Divide(mean, Math.Max(1, tokens), mean);
        return mean;
    }

    private void Embed(int token, int position, float[] stream)
    {
        var place = stream.AsSpan(position * _width, _width);
        _embeddings.AsSpan(token * _width, _width).CopyTo(place);
        if (_positions is { } waves)
        {
            TensorPrimitives.Add(place, waves.AsSpan(position * _width, _width), place);
        }
    }

    private float[] Attended(float[] stream, int tokens)
    {
        var (queries, keys, values) = (Applied(_query, stream, tokens), Applied(_key, stream, tokens), Applied(_value, stream, tokens));
        var mixed = new float[tokens * _width];
        var weights = new float[tokens];
        for (var token = 0; token < tokens; token++)
        {
            for (var seen = 0; seen < tokens; seen++)
            {
                weights[seen] = FixedOrder.Dot<float>(queries.AsSpan(token * _width, _width), keys.AsSpan(seen * _width, _width)) / MathF.Sqrt(_width);
            }

            TensorPrimitives.SoftMax(weights, weights);
            var sum = mixed.AsSpan(token * _width, _width);
            for (var seen = 0; seen < tokens; seen++)
            {
                TensorPrimitives.MultiplyAdd(values.AsSpan(seen * _width, _width), weights[seen], sum, sum);
            }
        }

        return mixed;
    }

    /// <param name="matrix">[outputs, inputs]</param>
    /// <param name="vectors">[tokens, inputs]</param>
    /// <param name="tokens">How many.</param>
    /// <returns>[tokens, outputs]</returns>
    private static float[] Applied(float[] matrix, float[] vectors, int tokens)
    {
        if (tokens == 0)
        {
            return [];
        }

        var inputs = vectors.Length / tokens;
        var outputs = matrix.Length / inputs;
        var results = new float[tokens * outputs];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = FixedOrder.Dot<float>(matrix.AsSpan(i % outputs * inputs, inputs), vectors.AsSpan(i / outputs * inputs, inputs));
        }

        return results;
    }

    /// <summary>x ← norm(x + branch), token by token.</summary>
    private void AddNormed(float[] stream, float[] branch)
    {
        TensorPrimitives.Add(stream, branch, stream);
        for (var at = 0; at < stream.Length; at += _width)
        {
            var token = stream.AsSpan(at, _width);
            TensorPrimitives.Subtract(token, FixedOrder.Sum(token) / _width, token);
            TensorPrimitives.Divide(token, MathF.Sqrt(FixedOrder.Dot<float>(token, token) / _width + 1e-5f), token);
        }
    }

    private static float[] Drawn(Chance chance, int count, double inputs)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = (float)(chance.NextNormal() / Math.Sqrt(inputs));
        }

        return numbers;
    }

    private static float[] Waves(int positions, int width)
        => [.. Enumerable.Range(0, positions * width).Select(i =>
        {
            var angle = i / width / Math.Pow(WaveLength, i % width / 2 * 2.0 / width);
            return (float)(i % width % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        })];
}
