using AptRl.Model.Encoding;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Heads;

/// <summary>The encoder with a head that says what kind of touch comes next: a view, a cart, a purchase.</summary>
/// <remarks>
/// softmax(M[k] + silu(h·W + b)·K + c) over the kinds that have a number, k the kind of the last touch. M begins as the logarithm
/// of the Markov chain and K as zero, so that the head begins as the chain and learns what the state adds to it.
/// </remarks>
internal sealed class KindNetwork : HeadedNetwork
{
    // Stands for log 0: a kind that never occurs.
    private const float Never = -12;

    [ComponentName(Name = "hidden")]
    private readonly Projection _hidden;

    [ComponentName(Name = "kinds")]
    private readonly Projection _kinds;

    [ComponentName(Name = "chain")]
    private readonly Parameter _chain;

    internal KindNetwork(EncoderOptions shape, KindChain chain, int rows, ulong seed)
        : base(nameof(KindNetwork), shape, rows, seed)
    {
        _hidden = new Projection(shape.Width, 2 * shape.Width);
        _kinds = new Projection(2 * shape.Width, Token.Kinds);
        float[] begin = [.. Enumerable.Range(0, Token.Kinds).SelectMany(last => chain.Shares(last)).Select(share => share > 0 ? MathF.Log(share) : Never)];
        _chain = Parameter(tensor(begin, [Token.Kinds, Token.Kinds]));
        RegisterComponents();
        DrawHeads(seed);
    }

    /// <param name="states">[M, D]</param>
    /// <param name="last">[M], the kind of the last touch before each state, 0 for none.</param>
    /// <returns>[M, kinds], logits; the caller disposes it.</returns>
    internal Tensor Kinds(Tensor states, Tensor last)
    {
        using var scope = NewDisposeScope();
        var ofState = _kinds.forward(functional.silu(_hidden.forward(states.unsqueeze(1)))).squeeze(1);
        return _chain.index_select(0, last).Plus(ofState).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override double Spread(string weightName, long[] shape)
        => weightName is "kinds.weight" ? 0 : base.Spread(weightName, shape);
}
