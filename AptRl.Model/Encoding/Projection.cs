using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>x·W + b, in inference as one product per user, so that no user's numbers hang on who else is in the batch.</summary>
internal sealed class Projection : Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    internal Projection(int from, int to)
        : base(nameof(Projection))
    {
        _weight = Parameter(zeros(from, to));
        _bias = Parameter(zeros(to));
        RegisterComponents();
    }

    /// <param name="input">[B, T, D]</param>
    /// <returns>[B, T, E]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var product = training
            ? matmul(input, _weight)
            : bmm(input, _weight.unsqueeze(0).expand(input.shape[0], -1, -1));
        return product.add(_bias).MoveToOuterDisposeScope();
    }
}
