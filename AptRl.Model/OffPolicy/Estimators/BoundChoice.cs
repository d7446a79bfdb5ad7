namespace AptRl.Model.OffPolicy.Estimators;

/// <summary>Chooses λ of an estimator that makes large weights smaller, from the log alone.</summary>
/// <remarks>
/// The λ with the least sample variance / n + (bias bound)²; the bound is |Σ (w - ŵ) t| / n + √(2 Σw²/n · ln(2/δ) / n) +
/// 2 max(w) ln(2/δ) / 3n with t the reward or the surprise and δ = 0.05: Su et al. 2020 (arXiv:1907.09623), § 5, as the Open
/// Bandit Pipeline has it. Of equals the first.
/// </remarks>
public static class BoundChoice
{
    /// <summary>The λ that are tried, as in the Open Bandit Pipeline's examples.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [10, 50, 100, 500, 1_000, 5_000, 10_000, double.PositiveInfinity];

    private const double Confidence = 0.05;

    /// <summary>The estimator with the best λ.</summary>
    /// <param name="rounds">The weighed log.</param>
    /// <param name="bounds">What to choose from.</param>
    /// <param name="with">Makes the estimator of a λ.</param>
    public static T Best<T>(IReadOnlyList<WeighedRound> rounds, IReadOnlyList<double> bounds, Func<double, T> with)
        where T : IModifiesWeight
        => bounds.Select(with).MinBy(estimator => Score(rounds, estimator))!;

    private static double Score(IReadOnlyList<WeighedRound> rounds, IModifiesWeight estimator)
    {
        var (sum, squares, bias, weightSquares, weightMax) = (0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var round in rounds)
        {
            var contribution = estimator.Contribution(round);
            sum += contribution;
            squares += contribution * contribution;
            bias += (round.Weight - estimator.Modified(round.Weight)) * estimator.Outcome(round);
            weightSquares += round.Weight * round.Weight;
            weightMax = Math.Max(weightMax, round.Weight);
        }

        var n = (double)rounds.Count;
        var log = Math.Log(2 / Confidence);
        var bound = Math.Abs(bias / n) + Math.Sqrt(2 * (weightSquares / n) * log / n) + 2 * weightMax * log / (3 * n);
        return (squares / n - sum / n * (sum / n)) / n + bound * bound;
    }
}
