namespace AptRl.Model.Mixing;

/// <summary>Regression trees whose leaves add up: a score for a row of features.</summary>
/// <remarks>Plain arrays, so that serving and a saved model need no machine-learning library.</remarks>
public sealed record TreeEnsemble
{
    /// <summary>Where each tree's inner nodes begin; one more than there are trees.</summary>
    public required IReadOnlyList<int> Roots { get; init; }

    /// <summary>Of each inner node, the feature it asks for.</summary>
    public required IReadOnlyList<int> Features { get; init; }

    /// <summary>Of each inner node, the number up to which a row goes left.</summary>
    public required IReadOnlyList<float> Thresholds { get; init; }

    /// <summary>Of each inner node, where left goes: a node of its tree, or ~leaf where negative.</summary>
    public required IReadOnlyList<int> Left { get; init; }

    /// <summary>Of each inner node, where right goes.</summary>
    public required IReadOnlyList<int> Right { get; init; }

    /// <summary>Where each tree's leaves begin.</summary>
    public required IReadOnlyList<int> LeafRoots { get; init; }

    /// <summary>What each leaf adds.</summary>
    public required IReadOnlyList<float> Leaves { get; init; }

    private Arrays? _arrays;

    private sealed record Arrays(int[] Roots, int[] Features, float[] Thresholds, int[] Left, int[] Right, int[] LeafRoots, float[] Leaves);

    /// <summary>The sum over trees.</summary>
    /// <param name="row">As many features as it was trained with.</param>
    public double Score(ReadOnlySpan<float> row)
    {
        var own = _arrays ??= new Arrays([.. Roots], [.. Features], [.. Thresholds], [.. Left], [.. Right], [.. LeafRoots], [.. Leaves]);
        var sum = 0d;
        for (var tree = 0; tree + 1 < own.Roots.Length; tree++)
        {
            var root = own.Roots[tree];
            var node = own.Roots[tree + 1] == root ? ~0 : 0;
            while (node >= 0)
            {
                node = row[own.Features[root + node]] <= own.Thresholds[root + node] ? own.Left[root + node] : own.Right[root + node];
            }

            sum += own.Leaves[own.LeafRoots[tree] + ~node];
        }

        return sum;
    }
}
