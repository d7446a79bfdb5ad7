using AptRl.Model.Encoding;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Recommenders;

/// <summary>One block of <see cref="SasRecNetwork"/>.</summary>
/// <remarks>As in the authors' code, the residual stream goes on from the normed input, and only queries are normed.</remarks>
internal sealed class SasRecBlock : Module<Tensor, Tensor, Func<Tensor, Tensor>, Tensor>
{
    [ComponentName(Name = "attention_norm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly MaskedAttention _attention;

    [ComponentName(Name = "feed_norm")]
    private readonly LayerNorm _feedNorm;

    [ComponentName(Name = "feed_in")]
    private readonly Projection _feedIn;

    [ComponentName(Name = "feed_out")]
    private readonly Projection _feedOut;

    internal SasRecBlock(int width, int heads)
        : base(nameof(SasRecBlock))
    {
        _attentionNorm = LayerNorm(width);
        _attention = new MaskedAttention(width, heads);
        _feedNorm = LayerNorm(width);
        _feedIn = new Projection(width, width);
        _feedOut = new Projection(width, width);
        RegisterComponents();
    }

    /// <param name="input">[B, T, D]</param>
    /// <param name="hidden">[B, T, T], whether a query must not see a key.</param>
    /// <param name="dropped">Dropout.</param>
    /// <returns>[B, T, D]</returns>
    public override Tensor forward(Tensor input, Tensor hidden, Func<Tensor, Tensor> dropped)
    {
        using var scope = NewDisposeScope();
        var queries = _attentionNorm.forward(input);
        var fed = _feedNorm.forward(queries.Plus(_attention.forward(queries, input, hidden, dropped)));
        var inner = dropped(functional.relu(_feedIn.forward(fed)));
        return fed.Plus(dropped(_feedOut.forward(inner))).MoveToOuterDisposeScope();
    }
}
