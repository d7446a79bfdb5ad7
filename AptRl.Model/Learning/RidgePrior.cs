namespace AptRl.Model.Learning;

/// <summary>What a regression believes before it has learned anything: rows made from a log in which nobody was shown anything.</summary>
/// <remarks>
/// Pseudo-rows in the sense of a conjugate prior (Raiffa and Schlaifer 1961): θ = (v Σ' x xᵀ + Σ x xᵀ + λI)⁻¹ (v Σ' y x + Σ y x), where Σ' is over
/// the n rows of the log. They are the same fixed-point sums as those of what was shown, and are added when a policy is solved,
/// so that the learner's own sums stay as they are and a replay stays exact.
/// Difference: v = N/n · N/(N + r) with r rows shown, so that together they weigh N rows at first, half of that after N rows, and
/// are forgotten in the end: what comes next in a log is not what showing it earns.
/// </remarks>
/// <param name="Statistics">The sums of the log's rows; a next item touched is a <see cref="RewardType.Click"/>.</param>
/// <param name="Rows">N: rows that they weigh together before anything was shown. They count as evidence.</param>
public sealed record RidgePrior(RidgeStatistics Statistics, double Rows)
{
    /// <summary>v: what one row of the log weighs.</summary>
    /// <param name="shown">r: rows of what was shown, discounted by age.</param>
    public double WeightAfter(double shown) => Statistics.Rows == 0 ? 0 : Rows / Statistics.Rows * (Rows / (Rows + shown));
}
