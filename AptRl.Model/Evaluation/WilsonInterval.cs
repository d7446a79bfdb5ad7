namespace AptRl.Model.Evaluation;

/// <summary>95 % interval of a share of independent trials.</summary>
/// <remarks>
/// (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z = 1.959964: Wilson 1927, eq. for the score interval. Unlike
/// p ± z√(p(1-p)/n) it stays in [0, 1] and is sound at 0 successes. Assumes that trials are independent: where one user
/// makes many of them it is too narrow, use <see cref="ClusteredBootstrap"/>.
/// </remarks>
public static class WilsonInterval
{
    private const double Z = 1.959963984540054;

    /// <summary>The interval; [0, 1] where there was no trial.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more successes than trials, or fewer than none.</exception>
    public static ConfidenceInterval Of(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0)
        {
            return new ConfidenceInterval(0, 0, 1);
        }

        var share = (double)successes / trials;
        var centre = share + Z * Z / (2.0 * trials);
        var half = Z * Math.Sqrt(share * (1 - share) / trials + Z * Z / (4.0 * trials * trials));
        var scale = 1 + Z * Z / trials;
        return new ConfidenceInterval(share, Math.Max(0, (centre - half) / scale), Math.Min(1, (centre + half) / scale));
    }
}
