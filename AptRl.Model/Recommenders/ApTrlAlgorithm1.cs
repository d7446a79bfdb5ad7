using System.Numerics.Tensors;
using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>AP-TRL's Algorithm 1 as it is written: random embeddings, an untrained transformer, the mean of its outputs.</summary>
/// <remarks>
/// Gupta and Nagaraj, "Augmenting Real-Time Personalization with Transformer Reinforcement Learning", Algorithm 1; what it
/// leaves open stands at <see cref="ApTrlEncoder"/>. It ends with the embedding and does not say how items are ranked by it:
/// here by the cosine with the items' own random embeddings, the only vectors of items that there are. The trials vary what
/// the paper does not state: the width, and whether positions are added.
/// </remarks>
public sealed class ApTrlAlgorithm1 : IRecipe
{
    private static readonly (int Width, bool Positions)[] Settings = [(128, false), (128, true), (32, false), (32, true)];

    /// <inheritdoc/>
    public string Name => "ap-trl-algorithm-1";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => $"width {s.Width}, {(s.Positions ? "sinusoidal positions" : "no positions")}")];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (width, positions) = Settings[trial];
        var encoder = new ApTrlEncoder(training.Items.Length, width, positions, context.Seed);
        return new FactorRecommender(PopularityFloor.AllTime(training), encoder.UnitItems(), history =>
        {
            if (history.Length == 0)
            {
                return null;
            }

            var state = encoder.Encode(history.Span);
            TensorPrimitives.Divide(state, FixedOrder.Length(state), state);
            return state;
        });
    }
}
