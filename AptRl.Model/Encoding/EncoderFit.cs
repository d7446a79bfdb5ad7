using AptRl.Model.Training;

namespace AptRl.Model.Encoding;

/// <summary>What an encoder was fitted to and how well it did: the part of its card that says how far to trust it.</summary>
public sealed record EncoderFit
{
    /// <summary>Hash of the touches it was fitted to.</summary>
    public required string DataHash { get; init; }

    /// <summary>Name of the file, or of the folder with its format, that the data came from; null where nobody said.</summary>
    public string? Source { get; init; }

    /// <summary>Users in the data.</summary>
    public required int Users { get; init; }

    /// <summary>Touches in the data.</summary>
    public required int Touches { get; init; }

    /// <summary>Epochs run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch, from 1, whose weights were kept.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Mean cross-entropy of the kept epoch, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Next items predicted for validation; 0 where the data was too little for it.</summary>
    public required int ValidationTargets { get; init; }

    /// <summary>Share of validation targets among the best 20 of the known items; items never seen before count as missed.</summary>
    public required double? HitRateAt20 { get; init; }

    /// <summary>Mean of 1/rank over validation targets, 0 beyond rank 20.</summary>
    public required double? ReciprocalRankAt20 { get; init; }

    /// <summary>The seed that gives the same weights again, on the same data, options, machine and thread count.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How it was fitted; null in a card of an earlier version.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>How long it took, in seconds, since the last start of the program; null in a card of an earlier version.</summary>
    public double? Seconds { get; init; }
}
