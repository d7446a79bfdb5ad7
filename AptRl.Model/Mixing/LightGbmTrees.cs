using Microsoft.ML.Trainers.FastTree;

namespace AptRl.Model.Mixing;

/// <summary>Takes trees out of ML.NET, so that what is fitted once needs no machine-learning library afterwards.</summary>
internal static class LightGbmTrees
{
    /// <summary>The same trees; each leaf with its tree's weight in it.</summary>
    public static TreeEnsemble Of(RegressionTreeEnsemble ensemble)
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
}
