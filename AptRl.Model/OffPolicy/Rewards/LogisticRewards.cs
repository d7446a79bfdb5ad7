using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace AptRl.Model.OffPolicy.Rewards;

/// <summary>Logistic regression by ML.NET: q̂ = top · σ(θᵀx + b).</summary>
/// <remarks>
/// Minimises Σ log loss + |θ|²/2C by L-BFGS (Andrew and Gao 2007, without the L1 part); the intercept is not penalised. A
/// reward y between 0 and the largest of the examples, top, counts as y/top of a success and 1 - y/top of a failure
/// (fractional logit: Papke and Wooldridge 1996), so that rewards need not be 0 or 1.
/// </remarks>
/// <param name="inverseRidge">C: the larger, the less the coefficients are held back.</param>
public sealed class LogisticRewards(double inverseRidge = LogisticRewards.InverseRidge) : IRewardTrainer
{
    /// <summary>C of the Open Bandit Pipeline's examples.</summary>
    public const double InverseRidge = 100;

    /// <inheritdoc/>
    public string Name => "logistic";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A reward is negative.</exception>
    public IRewardModel Fit(IReadOnlyList<RewardExample> examples, ulong seed)
    {
        var (low, top) = (examples.Min(example => example.Reward), examples.Max(example => example.Reward));
        if (low < 0)
        {
            throw new ArgumentException($"reward {low} is negative, which logistic regression cannot expect: use the reward model lightgbm", nameof(examples));
        }

        if (low == top)
        {
            return new ConstantRewardModel(top);
        }

        var context = new MLContext((int)(seed % int.MaxValue));
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = nameof(RewardRow.Happened),
            FeatureColumnName = nameof(RewardRow.Features),
            ExampleWeightColumnName = nameof(RewardRow.Weight),
            L1Regularization = 0,
            L2Regularization = (float)(1 / inverseRidge),
            OptimizationTolerance = 1e-6f,
            NumberOfThreads = 1,
        });
        var data = RewardRow.Load(context, examples.SelectMany(example => RowsOf(example, top)), examples[0].Features.Length);
        var linear = trainer.Fit(data).Model.SubModel;
        return new LogisticModel([.. linear.Weights], linear.Bias, top);
    }

    private static IEnumerable<RewardRow> RowsOf(RewardExample example, float top)
    {
        var share = example.Reward / top;
        if (share > 0)
        {
            yield return new RewardRow { Features = example.Features, Happened = true, Weight = share };
        }

        if (share < 1)
        {
            yield return new RewardRow { Features = example.Features, Happened = false, Weight = 1 - share };
        }
    }

    private sealed class LogisticModel(float[] weights, double bias, double top) : IRewardModel
    {
        public double Predict(ReadOnlySpan<float> features) => top / (1 + Math.Exp(-(TensorPrimitives.Dot(features, weights) + bias)));
    }
}
