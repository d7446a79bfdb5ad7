using AptRl.Model.Encoding;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Recommenders;

/// <summary>One block of <see cref="Bert4RecNetwork"/>: normed after the residual, as in BERT.</summary>
internal sealed class Bert4RecBlock : Module<Tensor, Tensor, Func<Tensor, Tensor>, Tensor>
{
    [ComponentName(Name = "attention")]
    private readonly MaskedAttention _attention;

    [ComponentName(Name = "attention_output")]
    private readonly Projection _attentionOutput;

    [ComponentName(Name = "attention_norm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "feed_in")]
    private readonly Projection _feedIn;

    [ComponentName(Name = "feed_out")]
    private readonly Projection _feedOut;

    [ComponentName(Name = "feed_norm")]
    private readonly LayerNorm _feedNorm;

    internal Bert4RecBlock(int width, int heads)
        : base(nameof(Bert4RecBlock))
    {
        _attention = new MaskedAttention(width, heads);
        _attentionOutput = new Projection(width, width);
        _attentionNorm = LayerNorm(width);
        _feedIn = new Projection(width, 4 * width);
        _feedOut = new Projection(4 * width, width);
        _feedNorm = LayerNorm(width);
        RegisterComponents();
    }

    /// <param name="input">[B, T, D]</param>
    /// <param name="hidden">[B, 1, T], which keys no query sees.</param>
    /// <param name="dropped">Dropout.</param>
    /// <returns>[B, T, D]</returns>
    public override Tensor forward(Tensor input, Tensor hidden, Func<Tensor, Tensor> dropped)
    {
        using var scope = NewDisposeScope();
        var attended = _attentionOutput.forward(_attention.forward(input, input, hidden, dropped));
        var stream = _attentionNorm.forward(input.Plus(dropped(attended)));
        var fed = _feedOut.forward(functional.gelu(_feedIn.forward(stream)));
        return _feedNorm.forward(stream.Plus(dropped(fed))).MoveToOuterDisposeScope();
    }
}
