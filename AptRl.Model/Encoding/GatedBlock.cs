using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>One gated block: attention, then SwiGLU, each let into the residual stream by a learned gate.</summary>
/// <remarks>
/// x ← x + A(norm x)⊙σ(x·G₁); x ← x + F(norm x)⊙σ(x·G₂): the LiGR block (Borisyuk et al. 2025, arXiv:2502.03417) with
/// F the SwiGLU of Shazeer 2020 (arXiv:2002.05202), twice the width inside.
/// </remarks>
internal sealed class GatedBlock : EncoderBlock
{
    [ComponentName(Name = "attention_norm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly CausalSelfAttention _attention;

    [ComponentName(Name = "attention_gate")]
    private readonly Projection _attentionGate;

    [ComponentName(Name = "feed_norm")]
    private readonly LayerNorm _feedNorm;

    [ComponentName(Name = "feed_in")]
    private readonly Projection _feedIn;

    [ComponentName(Name = "feed_out")]
    private readonly Projection _feedOut;

    [ComponentName(Name = "feed_gate")]
    private readonly Projection _feedGate;

    internal GatedBlock(EncoderOptions options, int lookBack)
        : base(nameof(GatedBlock))
    {
        var width = options.Width;
        _attentionNorm = LayerNorm(width);
        _attention = new CausalSelfAttention(options, lookBack);
        _attentionGate = new Projection(width, width);
        _feedNorm = LayerNorm(width);
        _feedIn = new Projection(width, 4 * width);
        _feedOut = new Projection(2 * width, width);
        _feedGate = new Projection(width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor pairs, Tensor keep)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.forward(_attentionNorm.forward(input), pairs);
        var stream = input.Plus(Kept(attended, keep, 0).mul(_attentionGate.forward(input).sigmoid()));

        var halves = _feedIn.forward(_feedNorm.forward(stream)).chunk(2, -1);
        var fed = _feedOut.forward(functional.silu(halves[0]).mul(halves[1]));
        return stream.Plus(Kept(fed, keep, 1).mul(_feedGate.forward(stream).sigmoid())).MoveToOuterDisposeScope();
    }
}
