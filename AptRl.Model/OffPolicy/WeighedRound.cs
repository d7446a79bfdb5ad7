namespace AptRl.Model.OffPolicy;

/// <summary>A logged round in the eyes of a target policy: all that an estimator needs of it.</summary>
/// <param name="Weight">w = π(a | x) / μ(a | x) of the action that was shown.</param>
/// <param name="Reward">r, what it earned.</param>
/// <param name="Predicted">q̂(x, a), what a reward model that was not fitted to this round expects of it.</param>
/// <param name="Expected">Σₐ π(a | x) q̂(x, a), what that model expects of the target.</param>
public readonly record struct WeighedRound(double Weight, double Reward, double Predicted, double Expected)
{
    /// <summary>r - q̂(x, a): what the model did not foresee.</summary>
    public double Surprise => Reward - Predicted;
}
