using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>Multi-head self-attention in which a position sees itself and a fixed number of positions before it.</summary>
/// <remarks>
/// softmax(QKᵀ/√d + r + g)·V (Vaswani et al. 2017, eq. 1, arXiv:1706.03762) with, per head, a learned bias r of the
/// distance in positions and g of the distance in time (Zhai et al. 2024, HSTU, arXiv:2402.17152, adds the same two).
/// There are no absolute positions.
/// </remarks>
internal sealed class CausalSelfAttention : Module<Tensor, Tensor, Tensor>
{
    // Far below any score, so that its exponential is exactly 0, and finite, so that no difference is not a number.
    private const float NotSeen = -1e9f;

    private readonly int _heads;
    private readonly int _lookBack;

    [ComponentName(Name = "query_key_value")]
    private readonly Projection _queryKeyValue;

    [ComponentName(Name = "output")]
    private readonly Projection _output;

    [ComponentName(Name = "position_bias")]
    private readonly Embedding _positionBias;

    [ComponentName(Name = "gap_bias")]
    private readonly Embedding _gapBias;

    internal CausalSelfAttention(int width, int heads, int lookBack)
        : base(nameof(CausalSelfAttention))
    {
        (_heads, _lookBack) = (heads, lookBack);
        _queryKeyValue = new Projection(width, 3 * width);
        _output = new Projection(width, width);
        _positionBias = Embedding(lookBack + 2, heads);
        _gapBias = Embedding(SequenceBatch.Hidden + 1, heads);
        RegisterComponents();
    }

    /// <param name="input">[B, T, D]</param>
    /// <param name="pairs">[B, T, T], the time-gap bucket of query and key, or <see cref="SequenceBatch.Hidden"/>.</param>
    /// <returns>[B, T, D]</returns>
    public override Tensor forward(Tensor input, Tensor pairs)
    {
        using var scope = NewDisposeScope();
        var (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2]);

        // [B, T, 3D] -> 3 x [B, H, T, D/H].
        var heads = _queryKeyValue.forward(input)
            .view(batch, time, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4);
        var scores = matmul(heads[0], heads[1].transpose(-2, -1)).div(Math.Sqrt(width / _heads));
        var weights = scores.add(Bias(pairs, (int)time)).softmax(-1);

        // [B, H, T, D/H] -> [B, T, D].
        var mixed = matmul(weights, heads[2]).transpose(1, 2).reshape(batch, time, width);
        return _output.forward(mixed).MoveToOuterDisposeScope();
    }

    /// <returns>[B, H, T, T]</returns>
    private Tensor Bias(Tensor pairs, int time)
    {
        var distances = Distances(time);
        var unseen = pairs.eq(SequenceBatch.Hidden).logical_or(distances.eq(_lookBack + 1)).to(float32).mul(NotSeen);

        // [B, T, T, H] and [T, T, H] -> [B, H, T, T].
        return _gapBias.forward(pairs).add(_positionBias.forward(distances)).add(unseen.unsqueeze(-1)).permute(0, 3, 1, 2);
    }

    /// <returns>[T, T]</returns>
    private Tensor Distances(int time)
    {
        var distances = new long[time * time];
        for (var query = 0; query < time; query++)
        {
            for (var key = 0; key < time; key++)
            {
                var distance = query - key;
                distances[query * time + key] = distance >= 0 && distance <= _lookBack ? distance : _lookBack + 1;
            }
        }

        return tensor(distances, [time, time]);
    }
}
