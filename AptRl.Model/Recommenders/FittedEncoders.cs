using System.Globalization;
using System.Text.Json;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>Encoders of one training part: the one with something held out, and the one fitted to everything.</summary>
/// <remarks>
/// Where <see cref="FitContext.WorkFolder"/> says so, finished encoders are kept there: the transformer alone and the mix
/// share them, and a run that was killed goes on within the fit that it was in. Time that was spent earlier is told.
/// </remarks>
internal sealed class FittedEncoders(SequenceDataset dataset, EncoderOptions shape, TrainingOptions options, FitContext context)
{
    /// <summary>Fitted without the held-out part. The caller disposes it.</summary>
    internal EncoderModel HeldOut() => Provide(
        "held-out", (notes, checkpoint) => EncoderTrainer.FitHeldOut(dataset, shape, options, notes, checkpoint, context.Cancellation));

    /// <summary>Fitted to everything, for as many epochs as were best in the other. The caller disposes it.</summary>
    internal EncoderModel Everything(EncoderFit judged) => Provide(
        "everything", (notes, checkpoint) => EncoderTrainer.FitEverything(dataset, shape, options, judged, notes, checkpoint, context.Cancellation));

    private EncoderModel Provide(string phase, Func<IProgress<TrainingProgress>, string?, EncoderModel> fit)
    {
        var notes = new Notes(phase, context);
        if (context.WorkFolder is null)
        {
            return fit(notes, null);
        }

        var fingerprint = StableHash.Of(JsonSerializer.Serialize(new { dataset.Hash, shape, options }));
        var path = Path.Combine(context.WorkFolder, string.Create(CultureInfo.InvariantCulture, $"encoder-{fingerprint:x16}-{phase}.safetensors"));
        if (File.Exists(path))
        {
            var kept = EncoderModel.Load(path);
            context.SpentEarlier?.Invoke(kept.Fit?.Seconds ?? 0);
            return kept;
        }

        var model = fit(notes, $"{path}.checkpoint");
        model.Save(path);
        File.Delete($"{path}.checkpoint");
        return model;
    }

    private sealed class Notes(string phase, FitContext context) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
            => context.Progress?.Report((value.Share, FormattableString.Invariant(
                $"{phase}, epoch {value.Epoch} of {value.EpochsMax}, loss {value.Loss:F3}{(value.ReciprocalRankAt20 is { } rank ? $", MRR@20 {rank:F4}" : "")}")));
    }
}
