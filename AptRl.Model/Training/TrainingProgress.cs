namespace AptRl.Model.Training;

/// <summary>Where a fit stands.</summary>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="EpochsMax">Epochs at most.</param>
/// <param name="Share">How much of the longest possible run is done, in [0, 1].</param>
/// <param name="Loss">Mean cross-entropy of the epoch so far, in nats.</param>
/// <param name="HitRateAt20">Of the last finished epoch; null before it, or without validation.</param>
/// <param name="ReciprocalRankAt20">Of the last finished epoch; null before it, or without validation.</param>
public sealed record TrainingProgress(
    int Epoch, int EpochsMax, double Share, double Loss, double? HitRateAt20, double? ReciprocalRankAt20);
