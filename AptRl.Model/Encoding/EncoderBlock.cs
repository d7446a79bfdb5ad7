using static TorchSharp.torch;

namespace AptRl.Model.Encoding;

/// <summary>One layer: reads the stream of vectors and adds to it.</summary>
internal abstract class EncoderBlock(string name) : nn.Module<Tensor, Tensor, Tensor, Tensor>(name)
{
    /// <summary>A block of the kind that the options ask for.</summary>
    internal static EncoderBlock Create(EncoderOptions options, int lookBack) => options.Block switch
    {
        BlockKind.Gated => new GatedBlock(options, lookBack),
        BlockKind.Ungated or BlockKind.Plain => new PlainBlock(options, lookBack),
        _ => new HstuBlock(options, lookBack),
    };

    /// <param name="input">[B, T, D]</param>
    /// <param name="pairs">[B, T, T], time-gap buckets.</param>
    /// <param name="keep">[2, B, T, D], what dropout leaves of up to two branches; empty in inference.</param>
    /// <returns>[B, T, D]</returns>
    public abstract override Tensor forward(Tensor input, Tensor pairs, Tensor keep);

    /// <summary>A branch without what is dropped of it.</summary>
    protected static Tensor Kept(Tensor branch, Tensor keep, int index)
        => keep.numel() == 0 ? branch : branch.mul(keep.select(0, index));
}
