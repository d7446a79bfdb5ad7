using System.Text.Json.Serialization;

namespace AptRl.Model.Training;

/// <summary>How an encoder is fitted.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data at most; early stopping may end sooner. Default 20, at least 1.</summary>
    public int EpochsMax { get; init; } = 20;

    /// <summary>Epochs without a better validation before stopping. Default 2, at least 1.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>How much better than the best epoch an epoch must be to count, as a share. Default 0.01, at least 0.</summary>
    public double WorthWaitingFor { get; init; } = .01;

    /// <summary>Positions in a batch, padding counted. Default 2,560, at least 1.</summary>
    public int BatchPositions { get; init; } = 2_560;

    /// <summary>Largest step size of Adam. Default 0.01, above 0: tables of 32 numbers bear large steps.</summary>
    public double LearningRate { get; init; } = .01;

    /// <summary>
    /// Whether the step size rises over the first 100 steps and then falls along half a cosine to a fiftieth by the end of
    /// <see cref="EpochsMax"/>; otherwise it stays. Default true.
    /// </summary>
    public bool Anneal { get; init; } = true;

    /// <summary>Share of each weight, times the step size, that a step takes away (AdamW). Default 0, at least 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// Decay per step of the running mean of the weights, which is what is validated and kept. Default 0, in [0, 1);
    /// 0 keeps the weights themselves.
    /// </summary>
    public double WeightAverage { get; init; }

    /// <summary>Share of items replaced by a bucket in training, so that unknown items get sensible vectors. Default 0.08, in [0, 0.5].</summary>
    public double UnknownShare { get; init; } = .08;

    /// <summary>What makes the score of the next item high and the others low. Default softmax.</summary>
    public LossKind Loss { get; init; } = LossKind.Softmax;

    /// <summary>Up to so many known items the softmax goes over all of them; above, over shared negatives. Default 5,000.</summary>
    public int FullSoftmaxItemsMax { get; init; } = 5_000;

    /// <summary>Negatives shared by a batch where the softmax is sampled. Default 2,048, at least 1.</summary>
    public int Negatives { get; init; } = 2_048;

    /// <summary>Negatives are drawn in proportion to (1 + times touched) to this power. Default 0.5, in [0, 1].</summary>
    public double NegativePower { get; init; } = .5;

    /// <summary>How many of the targets of a batch join the drawn negatives, as in GRU4Rec. Default 0, at least 0.</summary>
    public int BatchNegatives { get; init; }

    /// <summary>Whether the sampled softmax goes without its logQ correction, so that often drawn items count too little. Default false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Uncorrected { get; init; }

    /// <summary>Share of the target's probability that is spread over all classes. Default 0, in [0, 0.5].</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// How many of the following touches a position predicts, the one after the next with half the weight of the next, and
    /// so on. Default 1, at least 1.
    /// </summary>
    public int TargetsAhead { get; init; } = 1;

    /// <summary>
    /// How many of the predictions are made without the newest 1 to 3 touches, as if these were not known yet. Default 0, in
    /// [0, 1).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double RecencyMask { get; init; }

    /// <summary>
    /// How fast old sequences lose weight: the oldest of all weighs exp(-1/Recency) of the newest. Default 0: all weigh the
    /// same.
    /// </summary>
    public double Recency { get; init; }

    /// <summary>Whether the newest part is held out to stop by; otherwise all epochs are run, on everything. Default true.</summary>
    public bool Validate { get; init; } = true;

    /// <summary>
    /// Whether, once the best number of epochs is known, everything is fitted again with the held-out part in it. Default
    /// false: it doubles the time. The newest data are the ones most like what comes.
    /// </summary>
    public bool Refit { get; init; }

    /// <summary>Validation targets scored in an epoch at most, spread evenly over the held-out part. Default 5,000.</summary>
    public int ValidationTargetsMax { get; init; } = 5_000;

    /// <summary>Decides weights, order and dropout. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public TrainingOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EpochsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Patience);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchPositions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Negatives);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TargetsAhead);
        ArgumentOutOfRangeException.ThrowIfNegative(BatchNegatives);
        ArgumentOutOfRangeException.ThrowIfNegative(FullSoftmaxItemsMax);
        ArgumentOutOfRangeException.ThrowIfNegative(ValidationTargetsMax);
        InRange(LearningRate, double.Epsilon, 1, nameof(LearningRate));
        InRange(WeightDecay, 0, 10, nameof(WeightDecay));
        InRange(WeightAverage, 0, .99999, nameof(WeightAverage));
        InRange(UnknownShare, 0, .5, nameof(UnknownShare));
        InRange(NegativePower, 0, 1, nameof(NegativePower));
        InRange(LabelSmoothing, 0, .5, nameof(LabelSmoothing));
        InRange(RecencyMask, 0, .99999, nameof(RecencyMask));
        InRange(Recency, 0, 1_000, nameof(Recency));
        InRange(WorthWaitingFor, 0, 1, nameof(WorthWaitingFor));
        return this;
    }

    private static void InRange(double value, double min, double max, string name)
    {
        if (!(value >= min && value <= max))
        {
            throw new ArgumentException($"{name} {value} is not in [{min}, {max}]");
        }
    }
}
