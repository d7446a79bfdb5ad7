namespace AptRl.Model.Training;

/// <summary>How an encoder is fitted to a log.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data at most; early stopping may end sooner. Default 20, at least 1.</summary>
    public int EpochsMax { get; init; } = 20;

    /// <summary>Epochs without a better validation MRR@20 before stopping. Default 3, at least 1.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Sequences in a batch. Default 64, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Step size of Adam. Default 0.005, above 0: tables of 32 numbers bear large steps.</summary>
    public double LearningRate { get; init; } = .005;

    /// <summary>Share of items replaced by a bucket in training, so that unknown items get sensible vectors. Default 0.08, in [0, 0.5].</summary>
    public double UnknownShare { get; init; } = .08;

    /// <summary>Up to so many known items the softmax goes over all of them; above, over shared negatives. Default 5,000.</summary>
    public int FullSoftmaxItemsMax { get; init; } = 5_000;

    /// <summary>Negatives shared by a batch where the softmax is sampled. Default 2,048, at least 1.</summary>
    public int Negatives { get; init; } = 2_048;

    /// <summary>Share of the newest touches held out for validation. Default 0.1, in [0, 0.5]; 0 trains on everything, all epochs.</summary>
    public double ValidationShare { get; init; } = .1;

    /// <summary>Validation targets scored in an epoch at most, spread evenly over the held-out touches. Default 5,000.</summary>
    public int ValidationTargetsMax { get; init; } = 5_000;

    /// <summary>Decides weights, order and dropout. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public TrainingOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EpochsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Patience);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Negatives);
        ArgumentOutOfRangeException.ThrowIfNegative(FullSoftmaxItemsMax);
        ArgumentOutOfRangeException.ThrowIfNegative(ValidationTargetsMax);
        return LearningRate is not (> 0 and <= 1) ? throw new ArgumentException($"LearningRate {LearningRate} is not in (0, 1]")
            : UnknownShare is not (>= 0 and <= .5) ? throw new ArgumentException($"UnknownShare {UnknownShare} is not in [0, 0.5]")
            : ValidationShare is not (>= 0 and <= .5) ? throw new ArgumentException($"ValidationShare {ValidationShare} is not in [0, 0.5]")
            : this;
    }
}
