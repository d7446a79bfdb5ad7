namespace AptRl.Model.Evaluation;

/// <summary>An estimate and the range that holds the truth with the stated confidence.</summary>
/// <param name="Mean">The estimate.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
public readonly record struct ConfidenceInterval(double Mean, double Low, double High);
