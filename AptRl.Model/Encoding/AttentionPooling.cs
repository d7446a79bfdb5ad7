using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>A position's vector as the mean of the positions that it sees, each weighed by how it suits the position's own.</summary>
/// <remarks>
/// yₜ = Σₛ softmaxₛ((xₜ·W + b)·xₛ/√D)·xₛ, over the window that ends with t: the newest touch asks, as in NARM (Li et al. 2017,
/// arXiv:1711.04725), by a scaled product instead of a layer of its own.
/// </remarks>
internal sealed class AttentionPooling : Module<Tensor, Tensor, Tensor>
{
    private readonly int _lookBack;

    [ComponentName(Name = "query")]
    private readonly Projection _query;

    internal AttentionPooling(int width, int lookBack)
        : base(nameof(AttentionPooling))
    {
        _lookBack = lookBack;
        _query = new Projection(width, width);
        RegisterComponents();
    }

    /// <param name="input">[B, T, D]</param>
    /// <param name="pairs">[B, T, T], time-gap buckets; only who is hidden counts here.</param>
    /// <returns>[B, T, D]</returns>
    public override Tensor forward(Tensor input, Tensor pairs)
    {
        using var scope = NewDisposeScope();
        var scores = bmm(_query.forward(input), input.transpose(-2, -1)).Times(1 / Math.Sqrt(input.shape[2]));
        var weights = scores.Plus(AttentionBias.Of(null, null, pairs, _lookBack).squeeze(1)).softmax(-1);
        return bmm(weights, input).MoveToOuterDisposeScope();
    }
}
