using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>One block as most transformers have it: attention, then a feed-forward part, both added as they are.</summary>
/// <remarks>
/// x ← x + A(norm x); x ← x + F(norm x) (Xiong et al. 2020, arXiv:2002.04745, pre-norm). F is gelu(x·W₁)·W₂, four times
/// the width inside (GPT-2), for <see cref="BlockKind.Plain"/>, and the SwiGLU of <see cref="GatedBlock"/> for
/// <see cref="BlockKind.Ungated"/>, so that the gates are all that is missing.
/// </remarks>
internal sealed class PlainBlock : EncoderBlock
{
    private readonly bool _swiGlu;

    [ComponentName(Name = "attention_norm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly CausalSelfAttention _attention;

    [ComponentName(Name = "feed_norm")]
    private readonly LayerNorm _feedNorm;

    [ComponentName(Name = "feed_in")]
    private readonly Projection _feedIn;

    [ComponentName(Name = "feed_out")]
    private readonly Projection _feedOut;

    internal PlainBlock(EncoderOptions options, int lookBack)
        : base(nameof(PlainBlock))
    {
        var width = options.Width;
        _swiGlu = options.Block is BlockKind.Ungated;
        _attentionNorm = LayerNorm(width);
        _attention = new CausalSelfAttention(options, lookBack);
        _feedNorm = LayerNorm(width);
        _feedIn = new Projection(width, 4 * width);
        _feedOut = new Projection(_swiGlu ? 2 * width : 4 * width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor pairs, Tensor keep)
    {
        using var scope = NewDisposeScope();
        var stream = input.Plus(Kept(_attention.forward(_attentionNorm.forward(input), pairs), keep, 0));
        var inner = Activated(_feedIn.forward(_feedNorm.forward(stream)));
        return stream.Plus(Kept(_feedOut.forward(inner), keep, 1)).MoveToOuterDisposeScope();
    }

    private Tensor Activated(Tensor inner)
    {
        if (!_swiGlu)
        {
            return functional.gelu(inner);
        }

        var halves = inner.chunk(2, -1);
        return functional.silu(halves[0]).mul(halves[1]);
    }
}
