using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>GRU4Rec by its authors' recipe: the recurrent recommender that is hard to beat.</summary>
/// <remarks>
/// Hidasi and Karatzoglou 2018 (arXiv:1706.03847) and the settings of the authors' GRU4Rec_PyTorch_Official: one GRU layer,
/// constrained embedding, a bias per item, dropout of the touched items' vectors and of the states, cross-entropy against
/// 2,048 shared negatives drawn ∝ (times touched)^0.5 together with targets of the batch (240, the authors' largest batch), logQ correction with weight 1.
/// Differences: Adam with a falling step size instead of Adagrad with momentum, because every network here is trained by one
/// loop, with one budget; batches of some 2,000 positions that see whole sequences, instead of 48 to 240 sessions in parallel,
/// one step at a time without gradients through time; the correction counts how often an item is expected among the
/// negatives, instead of its popularity for both kinds of negatives; a learned start token, which also predicts the first
/// touch; at most the last 20 touches are read at serving; up to 5,000 items the softmax goes over all of them; 1 % of
/// touches stand for unknown items.
/// </remarks>
public sealed class Gru4RecRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "gru4rec";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
    [
        "width 128, dropout of touches 0.4",
        "width 128, dropout of touches 0.2 and of states 0.2",
        "width 128, dropout of touches 0.4, negatives by popularity^0.3",
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
            Width: 128, Layers: 1, HasCell: false, InputDropout: trial == 1 ? .2 : .4, StateDropout: trial == 1 ? .2 : 0);
        return new NetworkSettings(
            shape,
            (rows, seed) => new RecurrentNetwork(shape, rows, seed),
            NetworkSettings.Frame(context, learningRate: trial == 3 ? .008 : .004) with
            {
                BatchNegatives = 240,
                NegativePower = trial == 2 ? .3 : .5,
            });
    }
}
