using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1, arXiv:1412.6980), β = (0.9, 0.98), with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
/// <remarks>Our own, because the library's hands it numbers that may be freed while they are read (see <see cref="Encoding.TensorArithmetic"/>).</remarks>
internal sealed class AdamSteps : IDisposable
{
    internal const float First = .9f;
    internal const float Second = .98f;
    internal const float Epsilon = 1e-8f;

    private readonly double _decay;
    private readonly (string Name, Parameter Weight, Moved Parts)[] _weights;
    private readonly HashSet<string> _leftOut = [];
    private readonly Scalar _first = First.ToScalar();
    private readonly Scalar _firstRest = (1 - First).ToScalar();
    private readonly Scalar _second = Second.ToScalar();
    private readonly Scalar _secondRest = (1 - Second).ToScalar();
    private readonly Scalar _epsilon = Epsilon.ToScalar();
    private readonly Scalar _one = 1f.ToScalar();

    internal AdamSteps(IEnumerable<(string Name, Parameter Weight)> weights, double decay)
    {
        _decay = decay;
        _weights = [.. weights.Select(named => (
            named.Name,
            named.Weight,
            new Moved(
                named.Weight,
                zeros_like(named.Weight).detach().DetachFromDisposeScope(),
                zeros_like(named.Weight).detach().DetachFromDisposeScope())))];
    }

    /// <summary>Numbers that are moved, and what Adam keeps of their gradients.</summary>
    /// <param name="Weight">The numbers.</param>
    /// <param name="Mean">The running mean of the gradients; of the same shape.</param>
    /// <param name="Square">The running mean of their squares; of the same shape.</param>
    internal readonly record struct Moved(Tensor Weight, Tensor Mean, Tensor Square);

    /// <summary>Steps taken.</summary>
    internal int Steps { get; set; }

    /// <summary>The running means and squares, in the order of the weights: what a continued fit needs besides the weights.</summary>
    internal IEnumerable<Tensor> Moments => _weights.SelectMany(weight => (Tensor[])[weight.Parts.Mean, weight.Parts.Square]);

    /// <summary>The size of the last step, with both corrections for the zero start in it; negative, since it goes against the gradient.</summary>
    internal double Size { get; private set; }

    /// <summary>Leaves a weight out of <see cref="Take"/>: it is moved elsewhere.</summary>
    /// <param name="name">Its name, with or without the modules that it is in.</param>
    internal Moved LeaveOut(string name)
    {
        var found = _weights.Single(weight => weight.Name == name || weight.Name.EndsWith($".{name}", StringComparison.Ordinal));
        _leftOut.Add(found.Name);
        return found.Parts;
    }

    /// <summary>Moves every weight against its gradient, and clears the gradients.</summary>
    internal void Take(double rate)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        Steps++;

        // Both corrections for the zero start go into the step, so that two scalars serve all weights.
        Size = -rate * Math.Sqrt(1 - Math.Pow(Second, Steps)) / (1 - Math.Pow(First, Steps));
        using var left = ((float)(1 - rate * _decay)).ToScalar();
        foreach (var (name, weight, parts) in _weights)
        {
            if (_leftOut.Contains(name) || weight.grad is not { } gradient)
            {
                continue;
            }

            if (_decay > 0)
            {
                weight.mul_(left);
            }

            Move(parts, gradient);
            gradient.zero_();
        }
    }

    /// <summary>Moves numbers in place against their gradient, by the size of the last step.</summary>
    internal void Move(Moved parts, Tensor gradient)
    {
        using var step = ((float)Size).ToScalar();
        parts.Mean.mul_(_first).add_(gradient, _firstRest);
        parts.Square.mul_(_second).addcmul_(gradient, gradient, _secondRest);
        parts.Weight.addcdiv_(parts.Mean, parts.Square.sqrt().add_(_epsilon, _one), step);
    }

    public void Dispose()
    {
        foreach (var moment in Moments)
        {
            moment.Dispose();
        }

        foreach (var number in (Scalar[])[_first, _firstRest, _second, _secondRest, _epsilon, _one])
        {
            number.Dispose();
        }
    }
}
