namespace AptRl.Model.Evaluation;

/// <summary>95 % interval of Σ numerators / Σ denominators where what comes of one cluster hangs together; cheap enough for a live view.</summary>
/// <remarks>
/// R = Σ yᵢ / Σ xᵢ over m clusters, var R ≈ m / (m − 1) · Σ (yᵢ − R xᵢ)² / (Σ xᵢ)² (Cochran 1977, theorem 2.5, without the
/// correction for a finite population), interval R ± 1.96 √var. <see cref="ClusteredBootstrap"/> needs no such
/// linearisation and is what reports use; with some hundred clusters the two agree. Assumes that clusters are independent.
/// </remarks>
public static class RatioInterval
{
    private const double Normal975 = 1.959963984540054;

    /// <summary>The interval; of no width where fewer than two clusters have a denominator, not a number where none has.</summary>
    /// <param name="numerators">One a cluster.</param>
    /// <param name="denominators">One a cluster, none below 0.</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static ConfidenceInterval Of(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators)
    {
        if (numerators.Length != denominators.Length)
        {
            throw new ArgumentException($"{numerators.Length} numerators and {denominators.Length} denominators: one of each is needed for a cluster");
        }

        var (y, x, clusters) = (0.0, 0.0, 0);
        for (var i = 0; i < numerators.Length; i++)
        {
            y += numerators[i];
            x += denominators[i];
            clusters += denominators[i] > 0 ? 1 : 0;
        }

        var ratio = y / x;
        if (clusters < 2)
        {
            return new ConfidenceInterval(ratio, ratio, ratio);
        }

        var squares = 0.0;
        for (var i = 0; i < numerators.Length; i++)
        {
            var residual = numerators[i] - ratio * denominators[i];
            squares += residual * residual;
        }

        var half = Normal975 * Math.Sqrt(squares * clusters / (clusters - 1)) / x;
        return new ConfidenceInterval(ratio, ratio - half, ratio + half);
    }
}
