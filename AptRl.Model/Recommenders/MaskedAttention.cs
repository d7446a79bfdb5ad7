using AptRl.Model.Encoding;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Recommenders;

/// <summary>Multi-head attention of queries to keys, some of which are hidden: softmax(QKᵀ/√d)·V (Vaswani et al. 2017, eq. 1).</summary>
/// <remarks>What it gives is not projected again: SASRec does not, and BERT4Rec's block does it itself.</remarks>
internal sealed class MaskedAttention : Module<Tensor, Tensor, Tensor, Func<Tensor, Tensor>, Tensor>
{
    // Far below any score, so that its exponential is exactly 0, and finite, so that no difference is not a number.
    private const float NotSeen = -1e9f;

    private readonly int _heads;

    [ComponentName(Name = "query")]
    private readonly Projection _query;

    [ComponentName(Name = "key")]
    private readonly Projection _key;

    [ComponentName(Name = "value")]
    private readonly Projection _value;

    internal MaskedAttention(int width, int heads)
        : base(nameof(MaskedAttention))
    {
        _heads = heads;
        _query = new Projection(width, width);
        _key = new Projection(width, width);
        _value = new Projection(width, width);
        RegisterComponents();
    }

    /// <param name="queries">[B, T, D]</param>
    /// <param name="keys">[B, T, D], of which the values are made too.</param>
    /// <param name="hidden">[B, T, T], whether a query must not see a key.</param>
    /// <param name="dropped">Dropout of the attention weights.</param>
    /// <returns>[B, T, D]</returns>
    public override Tensor forward(Tensor queries, Tensor keys, Tensor hidden, Func<Tensor, Tensor> dropped)
    {
        using var scope = NewDisposeScope();
        var (batch, time, width) = (queries.shape[0], queries.shape[1], queries.shape[2]);

        // [B, T, D] -> [B, H, T, D/H].
        Tensor Split(Tensor vectors) => vectors.view(batch, time, _heads, width / _heads).transpose(1, 2);
        var scores = matmul(Split(_query.forward(queries)), Split(_key.forward(keys)).transpose(-2, -1)).Times(1 / Math.Sqrt(width / _heads));
        var weights = dropped(scores.Filled(hidden.unsqueeze(1), NotSeen).softmax(-1));

        // [B, H, T, D/H] -> [B, T, D].
        return matmul(weights, Split(_value.forward(keys))).transpose(1, 2).reshape(batch, time, width).MoveToOuterDisposeScope();
    }
}
