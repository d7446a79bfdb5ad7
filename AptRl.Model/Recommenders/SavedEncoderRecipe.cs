using AptRl.Model.Datasets;
using AptRl.Model.Encoding;

namespace AptRl.Model.Recommenders;

/// <summary>An encoder as it was saved: nothing is fitted any more.</summary>
/// <param name="path">Its file, with or without <c>.safetensors</c>.</param>
public sealed class SavedEncoderRecipe(string path) : IRecipe
{
    /// <inheritdoc/>
    public string Name => "encoder";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["as saved"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var model = EncoderModel.Load(path);
        context.SpentEarlier?.Invoke(model.Fit?.Seconds ?? 0);
        return new EncoderRecommender(model, training.Items);
    }
}
