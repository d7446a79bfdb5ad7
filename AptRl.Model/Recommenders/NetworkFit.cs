using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>Fits any network of the comparison by the loop that fits the shop's encoder.</summary>
/// <remarks>
/// The number of epochs that is best on the newest tenth is found first; then, where the options say so, a network with the
/// same fresh weights is fitted to everything for so many epochs.
/// </remarks>
internal static class NetworkFit
{
    // One row for all items that training never saw: the catalogue of a comparison is known.
    private const int HashBuckets = 1;

    /// <exception cref="InvalidDataException">There is nothing to predict in the data.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static IRecommender Of(TrainingPart training, NetworkSettings settings, FitContext context)
    {
        var options = settings.Options.Checked();
        var (part, validation) = options.Validate ? training.HoldOut() : (training, []);
        var twice = options.Refit && !validation.IsEmpty;
        var (network, sequences, outcome) = Train(part, validation, settings, context, new Notes(context, 0, twice ? .5 : 1), epochs: null);
        if (twice)
        {
            network.Dispose();
            var again = settings with { Options = options with { Patience = options.EpochsMax } };
            (network, sequences, _) = Train(training, [], again, context, new Notes(context, .5, 1), outcome.BestEpoch);
        }

        return new NetworkRecommender(network, sequences, training.Items.Length, settings.MaskedShare is not null);
    }

    private static (SequenceNetwork Network, TrainingSequences Sequences, TrainingOutcome Outcome) Train(
        TrainingPart part, IReadOnlyList<AnsweredQuestion> validation, NetworkSettings settings, FitContext context, Notes notes, int? epochs)
    {
        var sequences = new TrainingSequences(part, HashBuckets, NetworkSettings.Window, settings.Options.Recency);
        if (sequences.Vocabulary.Known.Count == 0)
        {
            throw new InvalidDataException($"{part.Sequences.Count} sequences hold no item to predict: check the data folder and its columns");
        }

        var network = settings.Fresh(sequences.Vocabulary.Rows, settings.Options.Seed);
        try
        {
            var trainer = new NetworkTrainer(network, sequences, settings.Options, settings.MaskedShare);
            return (network, sequences, trainer.Run(validation, checkpoint: null, notes, context.Cancellation, epochs));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Tells the progress of one of the fits as a part of the whole.</summary>
    private sealed class Notes(FitContext context, double from, double to) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
            => context.Progress?.Report((from + (to - from) * value.Share, FormattableString.Invariant(
                $"epoch {value.Epoch} of {value.EpochsMax}, loss {value.Loss:F3}{(value.ReciprocalRankAt20 is { } rank ? $", MRR@20 {rank:F4}" : "")}")));
    }
}
