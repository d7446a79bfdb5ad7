using AptRl.Model.Datasets;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>GRU4Rec or LSTM by their recipes, with the budget of a shop that fits them several times a day on one core.</summary>
/// <remarks>
/// Network, loss and dropout are those of <see cref="Gru4RecRecipe"/> and <see cref="LstmRecipe"/>. Different: batches of 512
/// positions, so that a day's touches are some hundred steps; a fixed number of epochs; nothing held out, as the newest
/// touches are those most like what comes.
/// </remarks>
public sealed class SmallNetworkRecipe : IRecipe
{
    private readonly Func<int, FitContext, NetworkSettings> _settings;

    private SmallNetworkRecipe(string name, Func<int, FitContext, NetworkSettings> settings) => (Name, _settings) = (name, settings);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["a fixed number of epochs"];

    /// <summary>GRU4Rec.</summary>
    public static SmallNetworkRecipe Gru4Rec() => new("gru4rec", Gru4RecRecipe.Settings);

    /// <summary>LSTM.</summary>
    public static SmallNetworkRecipe Lstm() => new("lstm", LstmRecipe.Settings);

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        var settings = _settings(0, context);
        return NetworkFit.Of(training, settings with
        {
            Options = settings.Options with { EpochsMax = 5, BatchPositions = 512, Validate = false, Refit = false },
        }, context);
    }
}
