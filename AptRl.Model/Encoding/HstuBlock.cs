using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>One block after HSTU: attention by a pointwise activation in place of the softmax, its output gated, and no feed-forward part.</summary>
/// <remarks>
/// U, V, Q, K = silu(norm(x)·W₁); A = silu(QKᵀ/√d + r + g)/T; x ← x + (norm(A·V)⊙U)·W₂ (Zhai et al. 2024,
/// arXiv:2402.17152, eq. 1 to 3). Unlike a softmax, A does not add up to 1, so that how often something was touched is not lost.
/// Differences: scores are divided by √d; T is the window, not the length of the batch; the time bias is of 16 buckets.
/// </remarks>
internal sealed class HstuBlock : EncoderBlock
{
    private readonly int _heads;
    private readonly int _window;
    private readonly int _lookBack;

    [ComponentName(Name = "input_norm")]
    private readonly LayerNorm _inputNorm;

    [ComponentName(Name = "gate_value_query_key")]
    private readonly Projection _gateValueQueryKey;

    [ComponentName(Name = "position_bias")]
    private readonly Embedding? _positionBias;

    [ComponentName(Name = "gap_bias")]
    private readonly Embedding? _gapBias;

    [ComponentName(Name = "attended_norm")]
    private readonly LayerNorm _attendedNorm;

    [ComponentName(Name = "output")]
    private readonly Projection _output;

    internal HstuBlock(EncoderOptions options, int lookBack)
        : base(nameof(HstuBlock))
    {
        (_heads, _window, _lookBack) = (options.Heads, options.Window, lookBack);
        _inputNorm = LayerNorm(options.Width);
        _gateValueQueryKey = new Projection(options.Width, 4 * options.Width);
        _positionBias = AttentionBias.OfPositions(options, lookBack);
        _gapBias = AttentionBias.OfGaps(options);
        _attendedNorm = LayerNorm(options.Width);
        _output = new Projection(options.Width, options.Width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor pairs, Tensor keep)
    {
        using var scope = NewDisposeScope();
        var (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2]);

        // [B, T, 4D] -> the gate [B, T, D] and 3 x [B, H, T, D/H].
        var parts = functional.silu(_gateValueQueryKey.forward(_inputNorm.forward(input))).view(batch, time, 4, width);
        var heads = parts.view(batch, time, 4, _heads, width / _heads).permute(2, 0, 3, 1, 4);
        var scores = matmul(heads[2], heads[3].transpose(-2, -1)).Times(1 / Math.Sqrt(width / _heads));
        var weights = functional.silu(scores.Plus(AttentionBias.Of(_positionBias, _gapBias, pairs, _lookBack))).Times(1d / _window);

        // [B, H, T, D/H] -> [B, T, D].
        var mixed = matmul(weights, heads[1]).transpose(1, 2).reshape(batch, time, width);
        var gated = _attendedNorm.forward(mixed).mul(parts.select(2, 0));
        return input.Plus(Kept(_output.forward(gated), keep, 0)).MoveToOuterDisposeScope();
    }
}
