using AptRl.Model.Datasets;
using AptRl.Model.Heads;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>SA2C: SNQN in which a touch that earned more than its alternatives would counts more in the cross-entropy.</summary>
/// <remarks>Supervised advantage actor-critic: Xin et al. 2022 (arXiv:2111.03474); see <see cref="SqnRecipe"/>.</remarks>
public sealed class Sa2cRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "sa2c";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["heads count 1", "heads count 0.3", "heads count 1 and do not move the encoder"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        return ValueFit.Of(training, Options(trial), context);
    }

    internal static ValueOptions Options(int trial) => SnqnRecipe.Options(trial) with { WeighsByAdvantage = true };
}
