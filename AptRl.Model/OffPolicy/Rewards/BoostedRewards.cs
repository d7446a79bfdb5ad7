using AptRl.Model.Mixing;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

namespace AptRl.Model.OffPolicy.Rewards;

/// <summary>How many trees a boosted reward model has, and how large they are.</summary>
/// <param name="Trees">How many. Default 60.</param>
/// <param name="Leaves">Of each. Default 8: interactions of up to a few features.</param>
/// <param name="ExamplesPerLeafMin">Rows that a leaf must have. Default 20.</param>
/// <param name="LearningRate">What each tree adds. Default 0.1.</param>
public sealed record BoostedRewardOptions(int Trees = 60, int Leaves = 8, int ExamplesPerLeafMin = 20, double LearningRate = 0.1);

/// <summary>Gradient-boosted trees by LightGBM through ML.NET: q̂ is a sum of leaves.</summary>
/// <remarks>
/// Squared loss, whose minimum is the mean reward, also of a rare 0 or 1: Ke et al. 2017. One thread and LightGBM's
/// deterministic mode, so that the same log and seed give the same model.
/// </remarks>
/// <param name="options">Its size.</param>
public sealed class BoostedRewards(BoostedRewardOptions options) : IRewardTrainer
{
    /// <inheritdoc/>
    public string Name => "lightgbm";

    /// <inheritdoc/>
    public IRewardModel Fit(IReadOnlyList<RewardExample> examples, ulong seed)
    {
        var mean = examples.Average(example => example.Reward);
        if (examples.All(example => example.Reward == examples[0].Reward) || examples.Count < 2 * options.ExamplesPerLeafMin)
        {
            return new ConstantRewardModel(mean);
        }

        var context = new MLContext((int)(seed % int.MaxValue));
        var trainer = context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            LabelColumnName = nameof(RewardRow.Label),
            FeatureColumnName = nameof(RewardRow.Features),
            NumberOfIterations = options.Trees,
            NumberOfLeaves = options.Leaves,
            MinimumExampleCountPerLeaf = options.ExamplesPerLeafMin,
            LearningRate = options.LearningRate,
            NumberOfThreads = 1,
            Seed = (int)(seed % int.MaxValue),
            Deterministic = true,
        });
        var rows = examples.Select(example => new RewardRow { Features = example.Features, Label = (float)(example.Reward - mean) });
        var ensemble = trainer.Fit(RewardRow.Load(context, rows, examples[0].Features.Length)).Model.TrainedTreeEnsemble;
        return new TreeModel(LightGbmTrees.Of(ensemble), mean);
    }

    private sealed class TreeModel(TreeEnsemble trees, double mean) : IRewardModel
    {
        public double Predict(ReadOnlySpan<float> features) => mean + trees.Score(features);
    }
}
