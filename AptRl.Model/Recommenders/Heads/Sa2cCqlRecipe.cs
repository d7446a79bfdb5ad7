using AptRl.Model.Datasets;
using AptRl.Model.Heads;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>SA2C with a penalty on values of what was not done, so that Q does not promise what nobody has seen.</summary>
/// <remarks>
/// The conservative penalty of Kumar et al. 2020 (arXiv:2006.04779) on the sampled actions, as CCQL (Yang et al. 2023) uses it
/// beside SA2C; without its contrastive term. See <see cref="SqnRecipe"/>.
/// </remarks>
public sealed class Sa2cCqlRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "sa2c-cql";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["penalty 0.1", "penalty 0.01", "penalty 1"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        return ValueFit.Of(training, Options(trial), context);
    }

    internal static ValueOptions Options(int trial) => Sa2cRecipe.Options(0) with { Conservatism = trial switch { 1 => .01, 2 => 1, _ => .1 } };
}
