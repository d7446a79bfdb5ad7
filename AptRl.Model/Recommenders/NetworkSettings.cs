using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>A network and how it is trained: what the recipes of networks differ in.</summary>
/// <param name="Shape">What the network is made by, as a record: says it in words, so that a checkpoint is not taken for another's.</param>
/// <param name="Fresh">A network with fresh weights, for so many rows under a seed.</param>
/// <param name="Options">How it is trained.</param>
/// <param name="MaskedShare">Null where each position predicts the next item; otherwise the share of touches that is masked and predicted.</param>
internal sealed record NetworkSettings(object Shape, Func<int, ulong, SequenceNetwork> Fresh, TrainingOptions Options, double? MaskedShare = null)
{
    /// <summary>What a network is trained to make small, where that is more than the next item: of the network, its sequences and their touches.</summary>
    internal Func<SequenceNetwork, TrainingSequences, TrainingPart, IBatchLoss>? Loss { get; init; }

    /// <summary>T: what every network here sees of a history, AP-TRL's window.</summary>
    internal const int Window = 20;

    /// <summary>
    /// The frame that all networks are compared in: Adam on a falling step size, early stopping, then everything again with
    /// the held-out part in it.
    /// </summary>
    internal static TrainingOptions Frame(FitContext context, int epochsMax = 8, double learningRate = .004) => new()
    {
        EpochsMax = context.Quick ? Math.Max(1, epochsMax / 4) : epochsMax,
        LearningRate = learningRate,
        UnknownShare = .01,
        WorthWaitingFor = .001,
        Refit = !context.Quick,
        Seed = context.Seed,
    };
}
