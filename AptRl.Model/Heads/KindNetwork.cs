using AptRl.Model.Encoding;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Heads;

/// <summary>The encoder with a head that says what kind of touch comes next: a view, a cart, a purchase.</summary>
/// <remarks>softmax(silu(h·W + b)·K + c) over the kinds that have a number.</remarks>
internal sealed class KindNetwork : HeadedNetwork
{
    [ComponentName(Name = "hidden")]
    private readonly Projection _hidden;

    [ComponentName(Name = "kinds")]
    private readonly Projection _kinds;

    internal KindNetwork(EncoderOptions shape, int rows, ulong seed)
        : base(nameof(KindNetwork), shape, rows, seed)
    {
        _hidden = new Projection(shape.Width, 2 * shape.Width);
        _kinds = new Projection(2 * shape.Width, Token.Kinds);
        RegisterComponents();
        DrawHeads(seed);
    }

    /// <param name="states">[M, D]</param>
    /// <returns>[M, kinds], logits; the caller disposes it.</returns>
    internal Tensor Kinds(Tensor states)
    {
        using var scope = NewDisposeScope();
        return _kinds.forward(functional.silu(_hidden.forward(states.unsqueeze(1)))).squeeze(1).MoveToOuterDisposeScope();
    }
}
