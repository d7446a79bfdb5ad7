namespace AptRl.Host.Http.Contracts;

/// <summary>What a policy would have earned. A number that cannot be told is left out.</summary>
/// <param name="Positions">Positions that were counted, from the top.</param>
/// <param name="Logged">Mean reward of a slate as it was served.</param>
/// <param name="JudgedBy">The estimator that the verdict is made by.</param>
/// <param name="Gain">Its value minus what was logged.</param>
/// <param name="Verdict"><c>refused</c>, <c>undecided</c>, <c>better</c> or <c>worse</c>.</param>
/// <param name="Reasons">Why; of a refusal, each with the way out.</param>
internal sealed record EvaluationAnswer(
    string Target,
    string Scenario,
    string Reward,
    int Positions,
    IReadOnlyList<EstimateBody> Estimators,
    IntervalBody Logged,
    string JudgedBy,
    IntervalBody Gain,
    string Verdict,
    IReadOnlyList<string> Reasons,
    DiagnosisBody Diagnosis);

/// <summary>What one estimator says, with its 95 % interval.</summary>
internal sealed record EstimateBody(string Name, double? Value, double? Low, double? High, double? Ess);

/// <summary>A mean with its 95 % interval.</summary>
internal sealed record IntervalBody(double? Mean, double? Low, double? High);

/// <summary>How well what was served covers the target.</summary>
internal sealed record DiagnosisBody(
    int Rounds, int Clusters, int Rewarded, double? EffectiveSampleSize, double? WeightMean, double? WeightMax, double? ZeroShare, double? Unsupported);
