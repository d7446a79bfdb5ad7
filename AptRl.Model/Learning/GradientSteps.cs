using System.Collections.Immutable;

namespace AptRl.Model.Learning;

/// <summary>Parameters that follow a gradient, the same to the bit whatever the order in which a publication's parts of it came.</summary>
/// <remarks>
/// Each part is rounded to a multiple of 2⁻³² and summed as an integer; the step at the publication is made in double in a fixed
/// order. Adagrad (Duchi et al. 2011): θ ← θ + η·G/√(S + ε), S ← S + G². Difference: S fades as rows come, so that the step
/// stays large enough to follow a change of taste.
/// </remarks>
public sealed class GradientSteps
{
    private const double Unit = 1.0 / (1L << 32);
    private const double PartMax = 1 << 20;

    private readonly double[] _values;
    private readonly double[] _squares;
    private readonly long[] _sums = new long[FeatureVector.Length];

    /// <summary>Parameters as they were.</summary>
    /// <exception cref="ArgumentException">A length does not fit: the data are of another version.</exception>
    public GradientSteps(ImmutableArray<double> values, ImmutableArray<double> squares)
    {
        if (values.Length != squares.Length || values.Length > FeatureVector.Length)
        {
            throw new ArgumentException($"{values.Length} and {squares.Length} parameters, {FeatureVector.Length} of each are needed: they are of a later version");
        }

        // Features are only ever appended: a parameter that an older version did not have starts at 0.
        (_values, _squares) = (new double[FeatureVector.Length], new double[FeatureVector.Length]);
        values.CopyTo(_values);
        squares.CopyTo(_squares);
    }

    /// <summary>Parameters at 0.</summary>
    public GradientSteps()
        : this([.. new double[FeatureVector.Length]], [.. new double[FeatureVector.Length]])
    {
    }

    /// <summary>The parameters.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>S of each.</summary>
    public ReadOnlySpan<double> Squares => _squares;

    /// <summary>Adds a part of the gradient: factor · direction.</summary>
    public void Add(double factor, ReadOnlySpan<double> direction)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i] += (long)Math.Round(Math.Clamp(factor * direction[i], -PartMax, PartMax) / Unit);
        }
    }

    /// <summary>Makes the step.</summary>
    /// <param name="step">η.</param>
    /// <param name="fading">What S keeps, in [0, 1].</param>
    public void Take(double step, double fading)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            var gradient = _sums[i] * Unit;
            _squares[i] = fading * _squares[i] + gradient * gradient;
            _values[i] += step * gradient / Math.Sqrt(_squares[i] + 1e-6);
            _sums[i] = 0;
        }
    }
}
