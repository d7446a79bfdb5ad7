namespace AptRl.Model.Training;

/// <summary>Where a fit stands, or how it ended.</summary>
/// <param name="Epochs">Epochs run.</param>
/// <param name="BestEpoch">The epoch, from 1, whose weights are kept.</param>
/// <param name="Loss">Mean loss of that epoch.</param>
/// <param name="ValidationTargets">Next items predicted for validation.</param>
/// <param name="HitRateAt20">Of that epoch; null without validation.</param>
/// <param name="ReciprocalRankAt20">Of that epoch; null without validation.</param>
internal sealed record TrainingOutcome(
    int Epochs, int BestEpoch, double Loss, int ValidationTargets, double? HitRateAt20, double? ReciprocalRankAt20);
