using AptRl.Model.Encoding;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Heads;

/// <summary>Says of a state what it is worth, and in which direction the items lie that make it worth more.</summary>
/// <remarks>
/// With z = silu(h·W + b): V(h) = z·v + c and u(h) = z·U, so that Q(h, i) = V(h) + u(h)·(eᵢ - ē), ē the mean item: the dueling
/// form of Wang et al. 2016, eq. 9 (arXiv:1511.06581), whose mean over actions costs one product here. Difference from it, and
/// from the heads of Xin et al. 2020: actions share the item vectors of the encoder instead of a row of weights each, since
/// most items of a shop are touched once or twice, which is not enough to learn a row from.
/// </remarks>
internal sealed class DuelingHead : Module<Tensor, (Tensor Value, Tensor Direction)>
{
    [ComponentName(Name = "hidden")]
    private readonly Projection _hidden;

    [ComponentName(Name = "value")]
    private readonly Projection _value;

    [ComponentName(Name = "direction")]
    private readonly Projection _direction;

    internal DuelingHead(int width)
        : base(nameof(DuelingHead))
    {
        _hidden = new Projection(width, 2 * width);
        _value = new Projection(2 * width, 1);
        _direction = new Projection(2 * width, width);
        RegisterComponents();
    }

    /// <param name="states">[M, D]</param>
    /// <returns>V [M, 1] and u [M, D]; the caller disposes them.</returns>
    public override (Tensor Value, Tensor Direction) forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        var hidden = functional.silu(_hidden.forward(states.unsqueeze(1)));
        return (
            _value.forward(hidden).squeeze(1).MoveToOuterDisposeScope(),
            _direction.forward(hidden).squeeze(1).MoveToOuterDisposeScope());
    }
}
