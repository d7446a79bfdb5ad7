using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Mixing;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>The encoder and the session neighbours, mixed by what held-out questions taught.</summary>
/// <remarks>
/// Encoder and neighbours are fitted without the held-out part; trees learn there which of them to believe when; then
/// encoder and neighbours are fitted anew to everything, and the trees go on judging them (stacking: Wolpert 1992).
/// Only candidates of a source are ranked; the rest of the catalogue follows in the encoder's order.
/// </remarks>
public sealed class AptRlRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "aptrl";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["300 trees of 31 leaves", "150 trees of 15 leaves", "600 trees of 31 leaves, half the step", "300 trees of 63 leaves"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (shape, options) = TransformerRecipe.Settings(0, context);
        var encoders = new FittedEncoders(SequenceDataset.From(training), shape, options, context);
        var (fit, held) = training.HoldOut();
        EncoderFit judged;
        TreeEnsemble? trees;
        using (var sources = new MixSources(fit, encoders.HeldOut(), context))
        {
            judged = sources.EncoderFit;
            context.Progress?.Report((1, "learning the mix"));
            trees = MixTrainer.Fit(sources, held, training.Items.Length, Options(trial, context), context.Seed, context.Cancellation);
        }

        return new MixedRecommender(new MixSources(training, encoders.Everything(judged), context), trees, training.Items.Length);
    }

    private static MixOptions Options(int trial, FitContext context)
    {
        var quick = context.Quick ? new MixOptions { QuestionsMax = 4_000, Trees = 100, LearningRate = .15 } : new MixOptions();
        return trial switch
        {
            1 => quick with { Trees = 150, Leaves = 15 },
            2 => quick with { Trees = 600, LearningRate = quick.LearningRate / 2 },
            3 => quick with { Leaves = 63 },
            _ => quick,
        };
    }
}
