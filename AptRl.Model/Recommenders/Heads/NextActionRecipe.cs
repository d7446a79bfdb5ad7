using AptRl.Model.Datasets;
using AptRl.Model.Heads;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>The encoder with a second head that says what kind of touch comes next; items are ranked by the supervised scores.</summary>
public sealed class NextActionRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "next-action";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["the kind counts 0.2"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var trained = HeadSettings.Training(context);
        var chain = new KindChain(training.HoldOut().Fit);
        var settings = new NetworkSettings($"{HeadSettings.Shape} kinds {KindLoss.KindWeight}", (rows, seed) => new KindNetwork(HeadSettings.Shape, chain, rows, seed), trained)
        {
            Loss = (network, sequences, part) => new KindLoss((KindNetwork)network, sequences, trained, part.Sequences),
        };
        var (fitted, known) = NetworkFit.Fit(training, settings, context);
        return new KindRecommender((KindNetwork)fitted, known, training.Items.Length);
    }
}
