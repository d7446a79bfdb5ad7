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
        var model = EncoderTrainer.Fit(
            SequenceDataset.From(training), shape, options, new Notes(context), cancellation: context.Cancellation);
        return new EncoderRecommender(model, training.Items);
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
                Refit = !context.Quick,
                Seed = context.Seed,
            });

    /// <summary>Tells a fit's progress in the words of a report.</summary>
    internal sealed class Notes(FitContext context) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
            => context.Progress?.Report((value.Share, FormattableString.Invariant(
                $"epoch {value.Epoch} of {value.EpochsMax}, loss {value.Loss:F3}{(value.ReciprocalRankAt20 is { } rank ? $", MRR@20 {rank:F4}" : "")}")));
    }
}
