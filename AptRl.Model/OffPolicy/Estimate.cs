namespace AptRl.Model.OffPolicy;

/// <summary>What one estimator says a policy is worth.</summary>
/// <param name="Name">The estimator.</param>
/// <param name="Value">Its estimate, in units of reward.</param>
/// <param name="Low">Lower bound of the 95 % interval.</param>
/// <param name="High">Upper bound.</param>
/// <param name="EffectiveSampleSize">(Σŵ)² / Σŵ² of the weights it uses: as many equally weighed rounds would say as much.</param>
public readonly record struct Estimate(string Name, double Value, double Low, double High, double EffectiveSampleSize);
