using System.Runtime.InteropServices;

namespace AptRl.Model.Learning;

/// <summary>What the learner sees of a user and an item: fixed-point numbers, so that sums over them are exact.</summary>
/// <remarks>
/// Each number is a multiple of 2⁻¹² in [-8, 8). A product of two is an integer multiple of 2⁻²⁴ below 2³⁰, so a 64-bit
/// integer holds the sum of 2³³ of them without rounding: statistics are the same in any order, on any machine and
/// vector width. The difference from evaluation in floating point: a feature is known to 0.00012 only.
/// </remarks>
public sealed class FeatureVector
{
    /// <summary>Numbers in a vector.</summary>
    public const int Length = 57;

    /// <summary>Units in 1.0.</summary>
    public const int One = 1 << 12;

    private readonly short[] _units;

    private FeatureVector(short[] units) => _units = units;

    /// <summary>The numbers in units of 1/<see cref="One"/>.</summary>
    public ReadOnlySpan<short> Units => _units;

    /// <summary>Rounds to the nearest unit; what is outside [-8, 8) is cut to it, and not-a-number becomes 0.</summary>
    /// <exception cref="ArgumentException">There are not <see cref="Length"/> numbers.</exception>
    public static FeatureVector From(ReadOnlySpan<float> numbers)
    {
        var units = new short[Length];
        if (numbers.Length != Length)
        {
            throw new ArgumentException($"{numbers.Length} features, {Length} are needed", nameof(numbers));
        }

        for (var i = 0; i < Length; i++)
        {
            units[i] = Round(numbers[i]);
        }

        return new FeatureVector(units);
    }

    /// <summary>Reads what <see cref="AsBytes"/> wrote, now or when there were fewer numbers: those that came later are 0 then.</summary>
    /// <exception cref="ArgumentException">There are more than 2 × <see cref="Length"/> bytes, or half a number.</exception>
    public static FeatureVector FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Length * sizeof(short) || bytes.Length % sizeof(short) != 0)
        {
            throw new ArgumentException($"{bytes.Length} bytes of features, at most {Length * sizeof(short)} and an even number are known: they are of a later version", nameof(bytes));
        }

        var units = new short[Length];
        MemoryMarshal.Cast<byte, short>(bytes).CopyTo(units);
        return new FeatureVector(units);
    }

    /// <summary>The units as little-endian 16-bit integers.</summary>
    public ReadOnlySpan<byte> AsBytes() => MemoryMarshal.AsBytes<short>(_units);

    /// <summary>The number that a feature is kept as.</summary>
    public static float Rounded(float number) => Round(number) * (1f / One);

    private static short Round(float number)
        => float.IsNaN(number) ? (short)0 : (short)Math.Clamp(MathF.Round(number * One), short.MinValue, short.MaxValue);
}
