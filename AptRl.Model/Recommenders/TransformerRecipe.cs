using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>The shop's encoder alone, as <see cref="EncoderTrainer"/> fits it and the service runs it.</summary>
/// <remarks>docs/algorithms/encoder.md has its equations, its sources and what each part was worth.</remarks>
public sealed class TransformerRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "transformer";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["width 128", "width 128, dropout of touches 0.5", "width 64", "width 128, twice the step"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (shape, options) = Settings(trial, context);
        var encoders = new FittedEncoders(SequenceDataset.From(training), shape, options, context);
        using var judged = encoders.HeldOut();
        return new EncoderRecommender(encoders.Everything(judged.Fit!), training.Items);
    }

    internal static (EncoderOptions Shape, TrainingOptions Options) Settings(int trial, FitContext context)
        => (new EncoderOptions
            {
                Width = trial == 2 ? 64 : 128,
                Layers = 1,
                HashBuckets = 64,
                Window = 20,
                InputDropout = trial == 1 ? .5 : .3,
            },
            new TrainingOptions
            {
                EpochsMax = context.Quick ? 2 : 8,
                LearningRate = trial == 3 ? .01 : .005,
                UnknownShare = .01,
                WorthWaitingFor = .001,
                Seed = context.Seed,
            });
}
