using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>An LSTM over the touched items with a softmax over all items: what the AP-TRL paper measures itself against.</summary>
/// <remarks>
/// Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000. The paper (Gupta and Nagaraj) does not say how
/// its LSTM was built or tuned, so this one is given everything that helps: the item table as input and output, a bias per
/// item, dropout, forget gates that begin open, the same loop, loss and budget as the others. Above 5,000 items the softmax is
/// sampled with the logQ correction.
/// </remarks>
public sealed class LstmRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "lstm";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
    [
        "width 128, dropout of touches 0.4",
        "width 128, dropout of touches 0.2 and of states 0.2",
        "width 128, dropout of touches 0.4, two layers",
        "width 128, dropout of touches 0.4, twice the step",
    ];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        return NetworkFit.Of(training, Settings(trial, context), context);
    }

    internal static NetworkSettings Settings(int trial, FitContext context)
    {
        var shape = new RecurrentOptions(
            Width: 128, Layers: trial == 2 ? 2 : 1, HasCell: true, InputDropout: trial == 1 ? .2 : .4, StateDropout: trial == 1 ? .2 : 0);
        return new NetworkSettings(
            shape,
            (rows, seed) => new RecurrentNetwork(shape, rows, seed),
            NetworkSettings.Frame(context, learningRate: trial == 3 ? .008 : .004));
    }
}
