using AptRl.Model.Encoding;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>The one shape and budget of all heads and controls, so that they differ in what they learn and in nothing else.</summary>
/// <remarks>They are not fitted again to everything: what was chosen and measured on the held-out part is of the very network that is judged.</remarks>
internal static class HeadSettings
{
    internal const int EpochsMax = 3;

    // Half of what networks take elsewhere: event logs are small, and few large steps would end before they have begun.
    private const int BatchPositions = 1_280;

    internal static EncoderOptions Shape { get; } = new() { Width = 64, Layers = 1, HashBuckets = 1, Window = NetworkSettings.Window, InputDropout = .3 };

    internal static TrainingOptions Training(FitContext context) => NetworkSettings.Frame(context, EpochsMax, learningRate: .01) with { BatchPositions = BatchPositions, Refit = false };
}
