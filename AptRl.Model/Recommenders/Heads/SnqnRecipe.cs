using AptRl.Model.Datasets;
using AptRl.Model.Heads;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>SNQN: SQN that is also shown, for each touch, ten items that were not chosen and earned nothing.</summary>
/// <remarks>Supervised negative Q-learning: Xin et al. 2022 (arXiv:2111.03474); see <see cref="SqnRecipe"/>.</remarks>
public sealed class SnqnRecipe : IRecipe
{
    private static readonly ValueOptions Ten = new() { NegativeActions = 10 };

    /// <inheritdoc/>
    public string Name => "snqn";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["heads count 1", "heads count 0.3", "heads count 1 and do not move the encoder"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        return ValueFit.Of(training, Options(trial), context);
    }

    internal static ValueOptions Options(int trial) => trial switch
    {
        1 => Ten with { ValueWeight = .3 },
        2 => Ten with { IsJoint = false },
        _ => Ten,
    };
}
