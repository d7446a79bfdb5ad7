namespace AptRl.Model.Exploration;

/// <summary>eˣ with the same bits on every machine, which a system's library does not promise: it picks its kernel by processor.</summary>
/// <remarks>
/// x = k·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by its Taylor series to the 13th power (remainder below 10⁻¹⁷), in additions,
/// multiplications and divisions only, which IEEE 754 fixes to the bit; 2ᵏ by the exponent. Relative error below 10⁻¹⁴ for |x| ≤ 700.
/// </remarks>
public static class FixedExponential
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>eˣ; 0 below -700, and cut at e⁷⁰⁰ above.</summary>
    public static double Of(double x)
    {
        if (x < -700)
        {
            return 0;
        }

        x = Math.Min(x, 700);
        var k = Math.Floor(x * 1.4426950408889634 + 0.5);
        var r = (x - k * Ln2High) - k * Ln2Low;
        var sum = 1.0;
        for (var n = 13; n > 0; n--)
        {
            sum = 1 + sum * r / n;
        }

        return sum * BitConverter.Int64BitsToDouble((1023L + (long)k) << 52);
    }
}
