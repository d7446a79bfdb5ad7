using AptRl.Model.Datasets;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders;

/// <summary>SASRec with its original loss: one binary cross-entropy for the next item and one for a random other item.</summary>
/// <remarks>
/// Kang and McAuley 2018 (arXiv:1808.09781), eq. 7; the network is <see cref="SasRecNetwork"/>. Differences: a learned start
/// token, which also predicts the first touch; the negative may be an item of the same sequence; a falling step size, early
/// stopping and a window of 20 as for every network here; positions count from the first touch in all trials but one,
/// because left-padded counting shows the network positions of short sessions that it is asked about only by its last ones;
/// 1 % of touches stand for unknown items.
/// </remarks>
public sealed class SasRecBceRecipe : IRecipe
{
    internal static readonly IReadOnlyList<string> Settings =
    [
        "width 128, one block, dropout 0.3",
        "width 128, two blocks, dropout 0.2",
        "width 128, one block, dropout 0.5",
        "width 128, two blocks, dropout 0.2, positions from the newest",
    ];

    /// <inheritdoc/>
    public string Name => "sasrec-bce";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = Settings;

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        return NetworkFit.Of(training, SettingsOf(trial, context, LossKind.Binary), context);
    }

    internal static NetworkSettings SettingsOf(int trial, FitContext context, LossKind loss)
    {
        var shape = trial switch
        {
            1 => new SasRecOptions(Width: 128, Layers: 2, Heads: 1, Dropout: .2),
            2 => new SasRecOptions(Width: 128, Layers: 1, Heads: 1, Dropout: .5),
            3 => new SasRecOptions(Width: 128, Layers: 2, Heads: 1, Dropout: .2, CountsFromNewest: true),
            _ => new SasRecOptions(Width: 128, Layers: 1, Heads: 1, Dropout: .3),
        };
        return new NetworkSettings(
            shape,
            (rows, seed) => new SasRecNetwork(shape, rows, seed),
            NetworkSettings.Frame(context) with { Loss = loss });
    }
}
