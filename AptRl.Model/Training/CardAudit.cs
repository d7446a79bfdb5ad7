using AptRl.Model.Encoding;

namespace AptRl.Model.Training;

/// <summary>Whether an encoder is as good as its card says: the validation figures, measured again on the same questions.</summary>
/// <param name="Card">What the card says of the fit.</param>
/// <param name="HitRateAt20">HR@20 as measured; null where it cannot be.</param>
/// <param name="ReciprocalRankAt20">MRR@20 as measured; null where it cannot be.</param>
/// <param name="WhyNot">Why the figures cannot be measured again; null where they were.</param>
public sealed record CardAudit(EncoderFit Card, double? HitRateAt20, double? ReciprocalRankAt20, string? WhyNot)
{
    /// <summary>Figures that differ by less are equal: another machine may round a score otherwise and swap two items.</summary>
    public const double Rounding = .00005;

    /// <summary>Whether what was measured is what the card says; true where nothing could be.</summary>
    public bool Holds => WhyNot is not null || (IsEqual(Card.HitRateAt20, HitRateAt20) && IsEqual(Card.ReciprocalRankAt20, ReciprocalRankAt20));

    /// <summary>Measures.</summary>
    /// <param name="model">The encoder, with its card.</param>
    /// <param name="dataset">What it was fitted to.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidDataException">The card says too little, or the data are not those that it was fitted to.</exception>
    public static CardAudit Of(EncoderModel model, SequenceDataset dataset, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        if (model.Fit is not { Training: { } options } card)
        {
            throw new InvalidDataException("the encoder's card does not say how it was fitted: train it again with 'aptrl train'");
        }

        if (dataset.Hash != card.DataHash)
        {
            throw new InvalidDataException(
                $"the data have hash {dataset.Hash}, the encoder was fitted to {card.DataHash} ({card.Source ?? "of a name that its card does not say"}): give the data that it was fitted to, in the same way");
        }

        if (card.ValidationTargets == 0)
        {
            return new CardAudit(card, null, null, "nothing was held out, so the card has no figures");
        }

        if (options.Refit)
        {
            return new CardAudit(
                card, null, null,
                "the card's figures are those of a fit without the newest part; these weights were then fitted to everything (--refit), the held-out part included");
        }

        var (part, validation) = dataset.Part.HoldOut();
        var sequences = new TrainingSequences(part, model.Options.HashBuckets, model.Options.Window, options.Recency);
        if (sequences.Vocabulary.Hash != model.Vocabulary.Hash)
        {
            throw new InvalidDataException($"the data's items have hash {sequences.Vocabulary.Hash}, the encoder's {model.Vocabulary.Hash}: train it again");
        }

        var (hits, reciprocal) = new NetworkTrainer(model.Network, sequences, options).Examine(validation, cancellation);
        return new CardAudit(card, hits, reciprocal, null);
    }

    /// <summary>Whether two figures are the same up to <see cref="Rounding"/>.</summary>
    public static bool IsEqual(double? said, double? measured)
        => said is { } one && measured is { } other ? Math.Abs(one - other) <= Rounding : said is null && measured is null;
}
