using AptRl.Model.Datasets;
using AptRl.Model.Heads;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>SQN: beside the next item a Q head learns what a touch and all after it earn, and shapes the state with it.</summary>
/// <remarks>
/// Self-supervised Q-learning: Xin et al. 2020 (arXiv:2006.05779). Loss: <see cref="ValueLoss"/>; ranking: supervised score +
/// w · Q, w chosen on held-out questions; differences: docs/algorithms/q-heads.md.
/// </remarks>
public sealed class SqnRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "sqn";

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
        1 => new ValueOptions { ValueWeight = .3 },
        2 => new ValueOptions { IsJoint = false },
        _ => new ValueOptions(),
    };
}
