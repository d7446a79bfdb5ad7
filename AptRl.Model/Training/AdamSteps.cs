using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1, arXiv:1412.6980), β = (0.9, 0.98), with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
/// <remarks>Our own, because the library's hands it numbers that may be freed while they are read (see <see cref="Encoding.TensorArithmetic"/>).</remarks>
internal sealed class AdamSteps : IDisposable
{
    private const float First = .9f;
    private const float Second = .98f;

    private readonly double _decay;
    private readonly (Parameter Weight, Tensor Mean, Tensor Square)[] _weights;
    private readonly Scalar _first = First.ToScalar();
    private readonly Scalar _firstRest = (1 - First).ToScalar();
    private readonly Scalar _second = Second.ToScalar();
    private readonly Scalar _secondRest = (1 - Second).ToScalar();
    private readonly Scalar _epsilon = 1e-8f.ToScalar();
    private readonly Scalar _one = 1f.ToScalar();

    internal AdamSteps(IEnumerable<Parameter> weights, double decay)
    {
        _decay = decay;
        _weights = [.. weights.Select(weight => (
            weight,
            zeros_like(weight).detach().DetachFromDisposeScope(),
            zeros_like(weight).detach().DetachFromDisposeScope()))];
    }

    /// <summary>Steps taken.</summary>
    internal int Steps { get; set; }

    /// <summary>The running means and squares, in the order of the weights: what a continued fit needs besides the weights.</summary>
    internal IEnumerable<Tensor> Moments => _weights.SelectMany(weight => (Tensor[])[weight.Mean, weight.Square]);

    /// <summary>Moves every weight against its gradient, and clears the gradients.</summary>
    internal void Take(double rate)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        Steps++;

        // Both corrections for the zero start go into the step, so that two scalars serve all weights.
        var correction = Math.Sqrt(1 - Math.Pow(Second, Steps));
        using var step = ((float)(-rate * correction / (1 - Math.Pow(First, Steps)))).ToScalar();
        using var left = ((float)(1 - rate * _decay)).ToScalar();
        foreach (var (weight, mean, square) in _weights)
        {
            if (weight.grad is not { } gradient)
            {
                continue;
            }

            if (_decay > 0)
            {
                weight.mul_(left);
            }

            mean.mul_(_first).add_(gradient, _firstRest);
            square.mul_(_second).addcmul_(gradient, gradient, _secondRest);
            weight.addcdiv_(mean, square.sqrt().add_(_epsilon, _one), step);
            gradient.zero_();
        }
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
