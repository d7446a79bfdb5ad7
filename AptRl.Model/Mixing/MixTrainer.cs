using AptRl.Model.Datasets;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace AptRl.Model.Mixing;

/// <summary>Learns from held-out questions which source to believe when: gradient-boosted trees that rank candidates.</summary>
/// <remarks>
/// LambdaMART (Burges 2010) by LightGBM (Ke et al. 2017), a group for each question, the item that came next against the
/// other candidates. A question whose item no source named teaches nothing here and is left out.
/// </remarks>
internal static class MixTrainer
{
    private const int BatchSize = 64;

    // Of fewer, trees would learn by heart.
    private const int QuestionsMin = 200;

    /// <param name="sources">Of the part before the questions.</param>
    /// <param name="questions">Asked after it.</param>
    /// <param name="items">N.</param>
    /// <param name="options">How much.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Null where too few questions are left to learn from.</returns>
    internal static TreeEnsemble? Fit(
        MixSources sources, IReadOnlyList<AnsweredQuestion> questions, int items, MixOptions options, ulong seed, CancellationToken cancellation)
    {
        var answered = Answered(sources, questions, items, options, cancellation);
        if (answered.Count < QuestionsMin)
        {
            return null;
        }

        var context = new MLContext((int)(seed % int.MaxValue));
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, MixSources.FeatureNames.Length);
        schema[nameof(Row.Question)].ColumnType = new KeyDataViewType(typeof(uint), int.MaxValue);
        var data = context.Data.LoadFromEnumerable(Rows(answered), schema);
        var trainer = context.Ranking.Trainers.LightGbm(new LightGbmRankingTrainer.Options
        {
            LabelColumnName = nameof(Row.Label),
            FeatureColumnName = nameof(Row.Features),
            RowGroupColumnName = nameof(Row.Question),
            NumberOfIterations = options.Trees,
            NumberOfLeaves = options.Leaves,
            LearningRate = options.LearningRate,
            MinimumExampleCountPerLeaf = options.ExamplesPerLeafMin,
            CustomGains = [0, 1],
            Sigmoid = 1,
            NumberOfThreads = options.Threads,
            Seed = (int)(seed % int.MaxValue),
            Deterministic = true,
        });
        return Of(trainer.Fit(data).Model.TrainedTreeEnsemble);
    }

    private static List<(float[] Features, int Target)> Answered(
        MixSources sources, IReadOnlyList<AnsweredQuestion> questions, int items, MixOptions options, CancellationToken cancellation)
    {
        var (answered, features) = (new List<(float[], int)>(), new List<float>());
        var count = Math.Min(options.QuestionsMax, questions.Count);
        var scores = new float[BatchSize * items];
        for (var from = 0; from < count; from += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            AnsweredQuestion[] batch = [.. Enumerable.Range(from, Math.Min(BatchSize, count - from)).Select(i => questions[(int)((long)i * questions.Count / count)])];
            sources.Score(Array.ConvertAll(batch, asked => asked.Question), scores.AsSpan(0, batch.Length * items));
            for (var i = 0; i < batch.Length; i++)
            {
                var candidates = sources.Describe(batch[i].Question, scores.AsSpan(i * items, items), features);
                if (candidates.IndexOf(batch[i].Target) is var target and >= 0)
                {
                    answered.Add(([.. features], target));
                }
            }
        }

        return answered;
    }

    // Made as they are read, which is more than once: all at once they would weigh twice what they hold.
    private static IEnumerable<Row> Rows(List<(float[] Features, int Target)> answered)
    {
        var width = MixSources.FeatureNames.Length;
        for (var question = 0; question < answered.Count; question++)
        {
            var (features, target) = answered[question];
            for (var i = 0; i < features.Length / width; i++)
            {
                yield return new Row { Question = (uint)question + 1, Label = i == target ? 1 : 0, Features = features[(i * width)..((i + 1) * width)] };
            }
        }
    }

    private static TreeEnsemble Of(RegressionTreeEnsemble ensemble)
    {
        var (roots, leafRoots) = (new List<int>(), new List<int>());
        var (nodes, thresholds, left, right, leaves) = (new List<int>(), new List<float>(), new List<int>(), new List<int>(), new List<float>());
        foreach (var (tree, weight) in ensemble.Trees.Zip(ensemble.TreeWeights))
        {
            roots.Add(nodes.Count);
            leafRoots.Add(leaves.Count);
            nodes.AddRange(tree.NumericalSplitFeatureIndexes);
            thresholds.AddRange(tree.NumericalSplitThresholds);
            left.AddRange(tree.LeftChild);
            right.AddRange(tree.RightChild);
            leaves.AddRange(tree.LeafValues.Select(value => (float)(weight * value)));
        }

        roots.Add(nodes.Count);
        return new TreeEnsemble
        {
            Roots = roots,
            Features = nodes,
            Thresholds = thresholds,
            Left = left,
            Right = right,
            LeafRoots = leafRoots,
            Leaves = leaves,
        };
    }

    private sealed class Row
    {
        public uint Question { get; init; }

        public float Label { get; init; }

        public float[] Features { get; init; } = [];
    }
}
