using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1, arXiv:1412.6980), β = (0.9, 0.98).</summary>
/// <remarks>Our own, because the library's hands it numbers that may be freed while they are read (see <see cref="Encoding.TensorArithmetic"/>).</remarks>
internal sealed class AdamSteps : IDisposable
{
    private const float First = .9f;
    private const float Second = .98f;

    private readonly double _rate;
    private readonly (Parameter Weight, Tensor Mean, Tensor Square)[] _weights;
    private readonly Scalar _first = First.ToScalar();
    private readonly Scalar _firstRest = (1 - First).ToScalar();
    private readonly Scalar _second = Second.ToScalar();
    private readonly Scalar _secondRest = (1 - Second).ToScalar();
    private readonly Scalar _epsilon = 1e-8f.ToScalar();
    private readonly Scalar _one = 1f.ToScalar();
    private int _steps;

    internal AdamSteps(IEnumerable<Parameter> weights, double rate)
    {
        _rate = rate;
        _weights = [.. weights.Select(weight => (
            weight,
            zeros_like(weight).detach().DetachFromDisposeScope(),
            zeros_like(weight).detach().DetachFromDisposeScope()))];
    }

    /// <summary>Moves every weight against its gradient, and clears the gradients.</summary>
    internal void Take()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        _steps++;

        // Both corrections for the zero start go into the step, so that two scalars serve all weights.
        var correction = Math.Sqrt(1 - Math.Pow(Second, _steps));
        using var step = ((float)(-_rate * correction / (1 - Math.Pow(First, _steps)))).ToScalar();
        foreach (var (weight, mean, square) in _weights)
        {
            if (weight.grad is not { } gradient)
            {
                continue;
            }

            mean.mul_(_first).add_(gradient, _firstRest);
            square.mul_(_second).addcmul_(gradient, gradient, _secondRest);
            weight.addcdiv_(mean, square.sqrt().add_(_epsilon, _one), step);
            gradient.zero_();
        }
    }

    public void Dispose()
    {
        foreach (var (_, mean, square) in _weights)
        {
            mean.Dispose();
            square.Dispose();
        }

        foreach (var number in (Scalar[])[_first, _firstRest, _second, _secondRest, _epsilon, _one])
        {
            number.Dispose();
        }
    }
}
