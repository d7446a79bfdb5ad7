using System.Globalization;
using System.Text.Json;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>Fits any network of the comparison by the loop that fits the shop's encoder.</summary>
/// <remarks>
/// The number of epochs that is best on the newest tenth is found first; then, where the options say so, a network with the
/// same fresh weights is fitted to everything for so many epochs. With a <see cref="FitContext.WorkFolder"/> a fit that was
/// killed goes on after its last whole epoch.
/// </remarks>
internal sealed class NetworkFit
{
    // One row for all items that training never saw: the catalogue of a comparison is known.
    private const int HashBuckets = 1;

    private readonly TrainingPart _training;
    private readonly NetworkSettings _settings;
    private readonly FitContext _context;
    private readonly string? _fingerprint;
    private readonly List<TrainingCheckpoint> _checkpoints = [];

    private NetworkFit(TrainingPart training, NetworkSettings settings, FitContext context)
    {
        (_training, _settings, _context) = (training, settings, context);
        _fingerprint = context.WorkFolder is null ? null
            : JsonSerializer.Serialize(new { SequenceDataset.From(training).Hash, Shape = $"{settings.Shape}", settings.Options, settings.MaskedShare });
    }

    /// <exception cref="InvalidDataException">There is nothing to predict in the data, or a checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is kept but the checkpoints.</exception>
    internal static IRecommender Of(TrainingPart training, NetworkSettings settings, FitContext context)
    {
        var (network, sequences) = Fit(training, settings, context);
        return new NetworkRecommender(network, sequences, training.Items.Length, settings.MaskedShare is not null);
    }

    /// <summary>The fitted network itself, which the caller disposes, and what it was fitted to.</summary>
    /// <exception cref="InvalidDataException">There is nothing to predict in the data, or a checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is kept but the checkpoints.</exception>
    internal static (SequenceNetwork Network, TrainingSequences Sequences) Fit(TrainingPart training, NetworkSettings settings, FitContext context)
        => new NetworkFit(training, settings, context).Run();

    private (SequenceNetwork, TrainingSequences) Run()
    {
        var options = _settings.Options.Checked();
        var (part, validation) = options.Validate ? _training.HoldOut() : (_training, []);
        var twice = options.Refit && !validation.IsEmpty;
        var (network, sequences, outcome) = Train(part, validation, options, "held-out", new Notes(_context, 0, twice ? .5 : 1), epochs: null);
        if (twice)
        {
            network.Dispose();
            var again = options with { Patience = options.EpochsMax };
            (network, sequences, _) = Train(_training, [], again, "everything", new Notes(_context, .5, 1), outcome.BestEpoch);
        }

        // Not before the end: the first fit's checkpoint says how many epochs the second one runs.
        _checkpoints.ForEach(checkpoint => checkpoint.Delete());
        return (network, sequences);
    }

    private (SequenceNetwork Network, TrainingSequences Sequences, TrainingOutcome Outcome) Train(
        TrainingPart part, IReadOnlyList<AnsweredQuestion> validation, TrainingOptions options, string phase, Notes notes, int? epochs)
    {
        var sequences = new TrainingSequences(part, HashBuckets, NetworkSettings.Window, options.Recency);
        if (sequences.Vocabulary.Known.Count == 0)
        {
            throw new InvalidDataException($"{part.Sequences.Count} sequences hold no item to predict: check the data folder and its columns");
        }

        var network = _settings.Fresh(sequences.Vocabulary.Rows, options.Seed);
        try
        {
            var trainer = new NetworkTrainer(network, sequences, options, _settings.MaskedShare, _settings.Loss?.Invoke(network, sequences, part));
            return (network, sequences, trainer.Run(validation, Checkpoint(phase), notes, _context.Cancellation, epochs));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private TrainingCheckpoint? Checkpoint(string phase)
    {
        if (_fingerprint is null)
        {
            return null;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"network-{StableHash.Of(_fingerprint):x16}-{phase}.checkpoint");
        _checkpoints.Add(new TrainingCheckpoint(Path.Combine(_context.WorkFolder!, name), $"{_fingerprint} {phase}"));
        return _checkpoints[^1];
    }

    /// <summary>Tells the progress of one of the fits as a part of the whole.</summary>
    private sealed class Notes(FitContext context, double from, double to) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
            => context.Progress?.Report((from + (to - from) * value.Share, FormattableString.Invariant(
                $"epoch {value.Epoch} of {value.EpochsMax}, loss {value.Loss:F3}{(value.ReciprocalRankAt20 is { } rank ? $", MRR@20 {rank:F4}" : "")}")));
    }
}
