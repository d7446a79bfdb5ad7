using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>Multi-head self-attention in which a position sees itself and a fixed number of positions before it.</summary>
/// <remarks>
/// softmax(QKᵀ/√d + r + g)·V (Vaswani et al. 2017, eq. 1, arXiv:1706.03762) with, per head, a learned bias r of the
/// distance in positions and g of the distance in time (Zhai et al. 2024, HSTU, arXiv:2402.17152, adds the same two).
/// By default there are no absolute positions.
/// </remarks>
internal sealed class CausalSelfAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly int _heads;
    private readonly int _lookBack;

    [ComponentName(Name = "query_key_value")]
    private readonly Projection _queryKeyValue;

    [ComponentName(Name = "output")]
    private readonly Projection _output;

    [ComponentName(Name = "position_bias")]
    private readonly Embedding? _positionBias;

    [ComponentName(Name = "gap_bias")]
    private readonly Embedding? _gapBias;

    internal CausalSelfAttention(EncoderOptions options, int lookBack)
        : base(nameof(CausalSelfAttention))
    {
        (_heads, _lookBack) = (options.Heads, lookBack);
        _queryKeyValue = new Projection(options.Width, 3 * options.Width);
        _output = new Projection(options.Width, options.Width);
        _positionBias = AttentionBias.OfPositions(options, lookBack);
        _gapBias = AttentionBias.OfGaps(options);
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
        var scores = matmul(heads[0], heads[1].transpose(-2, -1)).Times(1 / Math.Sqrt(width / _heads));
        var weights = scores.Plus(AttentionBias.Of(_positionBias, _gapBias, pairs, _lookBack)).softmax(-1);

        // [B, H, T, D/H] -> [B, T, D].
        var mixed = matmul(weights, heads[2]).transpose(1, 2).reshape(batch, time, width);
        return _output.forward(mixed).MoveToOuterDisposeScope();
    }
}
