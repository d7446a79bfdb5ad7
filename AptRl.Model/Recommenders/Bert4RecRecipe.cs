using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>BERT4Rec: a masked encoder that reads a history from both sides.</summary>
/// <remarks>
/// Sun et al. 2019 (arXiv:1904.06690), eq. 8: a share of touches is masked, and the loss is the mean of -log P(item) over
/// them. When it is asked, a mask stands behind the history (<see cref="Bert4RecNetwork"/>). Differences: above 5,000 items
/// the softmax goes over 2,048 shared negatives with the logQ correction; at least one touch of a sequence is masked, and
/// for a tenth of the sequences the last one alone; a falling step size without weight decay, early stopping and a window of
/// 20 as for every network here. It has three halves of the others' epochs, because it learns from fewer positions of each
/// (Petrov and Macdonald 2022, arXiv:2207.07483, show how much longer it takes), and half their step size, because norms
/// behind the residual bear less.
/// </remarks>
public sealed class Bert4RecRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "bert4rec";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
    [
        "width 128, one block, 0.3 masked",
        "width 128, one block, 0.15 masked",
        "width 128, one block, 0.5 masked",
        "width 128, two blocks, 0.3 masked",
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
        var shape = new Bert4RecOptions(Width: 128, Layers: trial == 3 ? 2 : 1, Heads: 2, Dropout: .2);
        return new NetworkSettings(
            shape,
            (rows, seed) => new Bert4RecNetwork(shape, rows, seed),
            NetworkSettings.Frame(context, epochsMax: 12, learningRate: .002),
            MaskedShare: trial switch { 1 => .15, 2 => .5, _ => .3 });
    }
}
