using System.Diagnostics;
using System.Text.Json;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;

namespace AptRl.Model.Training;

/// <summary>Fits an encoder to a log by next-item prediction.</summary>
/// <remarks>
/// Every position of every sequence predicts the item of the next touch. A part of the data is held out, by the rule of
/// the data set; the epoch with the best HR@20 + MRR@20 there is kept. The same data, options, machine and thread count
/// give the same weights, also when the fit was interrupted and went on from its checkpoint.
/// </remarks>
public static class EncoderTrainer
{
    /// <summary>Fits and returns the best encoder; <see cref="EncoderModel.Fit"/> says how good it is. The caller disposes it.</summary>
    /// <param name="dataset">What to learn from.</param>
    /// <param name="shape">The encoder's shape.</param>
    /// <param name="options">How it is fitted.</param>
    /// <param name="progress">Told after each batch; may be null.</param>
    /// <param name="checkpointPath">
    /// Where to keep the state after each epoch; a fit of the same data, shape and options goes on from there. It is
    /// deleted at the end. Null keeps none.
    /// </param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">There is nothing to predict in the data, or the checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is kept but the checkpoint.</exception>
    public static EncoderModel Fit(
        SequenceDataset dataset,
        EncoderOptions shape,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        string? checkpointPath = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        shape.Checked();
        options.Checked();
        var model = FitHeldOut(dataset, shape, options, progress, checkpointPath, cancellation);
        var refitPath = checkpointPath is null ? null : $"{checkpointPath}.refit";
        if (options.Refit && model.Fit is { ValidationTargets: > 0 } judged)
        {
            model.Dispose();
            model = FitEverything(dataset, shape, options, judged, progress, refitPath, cancellation);
        }

        // Not before the end: the first fit's checkpoint says how many epochs the second one runs.
        foreach (var path in (ReadOnlySpan<string?>)[checkpointPath, refitPath])
        {
            if (path is not null)
            {
                File.Delete(path);
            }
        }

        return model;
    }

    /// <summary>The fit that has something held out to judge it by. Its checkpoint is the caller's to delete.</summary>
    internal static EncoderModel FitHeldOut(
        SequenceDataset dataset, EncoderOptions shape, TrainingOptions options,
        IProgress<TrainingProgress>? progress, string? checkpointPath, CancellationToken cancellation)
    {
        var (part, validation) = options.Validate ? dataset.Part.HoldOut() : (dataset.Part, []);
        return Fit(part, validation, dataset, shape, options, "held out", checkpointPath, null, progress, cancellation);
    }

    /// <summary>The fit to everything, for as many epochs as were best; its figures are those of the one that was judged. Its checkpoint is the caller's to delete.</summary>
    internal static EncoderModel FitEverything(
        SequenceDataset dataset, EncoderOptions shape, TrainingOptions options, EncoderFit judged,
        IProgress<TrainingProgress>? progress, string? checkpointPath, CancellationToken cancellation)
        => Fit(dataset.Part, [], dataset, shape, options, "everything", checkpointPath, judged, progress, cancellation);

    private static EncoderModel Fit(
        TrainingPart part,
        IReadOnlyList<AnsweredQuestion> validation,
        SequenceDataset dataset,
        EncoderOptions shape,
        TrainingOptions options,
        string phase,
        string? checkpointPath,
        EncoderFit? judged,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        var sequences = new TrainingSequences(part, shape.HashBuckets, shape.Window, options.Recency);
        if (sequences.Vocabulary.Known.Count == 0)
        {
            throw new InvalidDataException(
                $"{dataset.Touches} touches hold no item to predict: check the column mapping, or send a longer log");
        }

        var checkpoint = checkpointPath is null ? null
            : new TrainingCheckpoint(checkpointPath, JsonSerializer.Serialize(new { dataset.Hash, shape, options, phase }));
        var encoder = new SequenceEncoder(shape, sequences.Vocabulary.Rows, options.Seed);
        try
        {
            var clock = Stopwatch.StartNew();
            var outcome = new NetworkTrainer(encoder, sequences, options).Run(validation, checkpoint, progress, cancellation, judged?.BestEpoch);
            return new EncoderModel(shape, sequences.Vocabulary, encoder, new EncoderFit
            {
                DataHash = dataset.Hash,
                Source = dataset.Source,
                Users = dataset.UserCount,
                Touches = dataset.Touches,
                Epochs = judged?.Epochs ?? outcome.Epochs,
                BestEpoch = outcome.BestEpoch,
                Loss = outcome.Loss,
                ValidationTargets = judged?.ValidationTargets ?? outcome.ValidationTargets,
                HitRateAt20 = judged?.HitRateAt20 ?? outcome.HitRateAt20,
                ReciprocalRankAt20 = judged?.ReciprocalRankAt20 ?? outcome.ReciprocalRankAt20,
                Seed = options.Seed,
                Training = options,
                Seconds = clock.Elapsed.TotalSeconds,
            });
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }
}
