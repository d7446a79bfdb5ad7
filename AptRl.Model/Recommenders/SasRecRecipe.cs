using AptRl.Model.Datasets;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>SASRec with cross-entropy: the causal transformer that most comparisons now take as theirs to beat.</summary>
/// <remarks>
/// The network of <see cref="SasRecBceRecipe"/>, with the loss that made it competitive again (Klenitskiy and Vasilev 2023,
/// arXiv:2309.07602; Petrov and Macdonald 2023, arXiv:2308.07192): softmax over all items, above 5,000 of them over 2,048
/// shared negatives with the logQ correction.
/// </remarks>
public sealed class SasRecRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "sasrec";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = SasRecBceRecipe.Settings;

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        return NetworkFit.Of(training, SasRecBceRecipe.SettingsOf(trial, context, LossKind.Softmax), context);
    }
}
