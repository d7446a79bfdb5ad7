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
        var (part, validation) = options.Validate ? dataset.Part.HoldOut() : (dataset.Part, []);
        var (model, outcome) = Fit(part, validation, dataset, shape, options, "held out", checkpointPath, progress, cancellation);
        if (!options.Refit || validation.IsEmpty)
        {
            return model;
        }

        // The figures stay those of the fit that had something held out; of the second nobody can say more.
        model.Dispose();
        var again = options with { Validate = false, Patience = options.EpochsMax };
        var (refit, _) = Fit(
            dataset.Part, [], dataset, shape, again, "everything", checkpointPath,
            progress, cancellation, epochs: outcome.BestEpoch, outcome);
        return refit;
    }

    private static (EncoderModel Model, TrainingOutcome Outcome) Fit(
        TrainingPart part,
        IReadOnlyList<AnsweredQuestion> validation,
        SequenceDataset dataset,
        EncoderOptions shape,
        TrainingOptions options,
        string phase,
        string? checkpointPath,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation,
        int? epochs = null,
        TrainingOutcome? judged = null)
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
            var outcome = new NetworkTrainer(encoder, sequences, options).Run(validation, checkpoint, progress, cancellation, epochs);
            checkpoint?.Delete();
            var known = judged ?? outcome;
            return (new EncoderModel(shape, sequences.Vocabulary, encoder, new EncoderFit
            {
                DataHash = dataset.Hash,
                Users = dataset.UserCount,
                Touches = dataset.Touches,
                Epochs = known.Epochs,
                BestEpoch = known.BestEpoch,
                Loss = outcome.Loss,
                ValidationTargets = known.ValidationTargets,
                HitRateAt20 = known.HitRateAt20,
                ReciprocalRankAt20 = known.ReciprocalRankAt20,
                Seed = options.Seed,
                Training = options,
            }), outcome);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }
}
