using System.Collections.Immutable;
using System.Numerics.Tensors;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Policies;

/// <summary>Draws of a policy's posterior, each told as the candidates that it would put first.</summary>
/// <remarks>
/// Kept with a decision they say all that Thompson sampling needs to draw it again: at each position a draw speaks for
/// the first of its candidates that is left. That is the number of draws times the length of the slate in small numbers, where
/// the posterior over the candidates would be their features and a matrix.
/// </remarks>
internal static class PosteriorOrders
{
    /// <summary>For each draw, the <paramref name="length"/> candidates with the largest values, best first.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="features">Features of the candidates, row by row in their order; of equal values the lower row comes first.</param>
    /// <param name="scale">σ of θ ~ N(θ̂, σ²A⁻¹).</param>
    /// <param name="draws">How many draws.</param>
    /// <param name="length">Candidates told of each, no more than there are.</param>
    /// <param name="chance">The decision's own.</param>
    public static ImmutableArray<int> Of(LinearPolicy policy, ReadOnlySpan<float> features, double scale, int draws, int length, Chance chance)
    {
        var count = features.Length / FeatureVector.Length;
        length = Math.Min(length, count);
        var orders = ImmutableArray.CreateBuilder<int>(draws * length);
        var values = new float[count];
        var rows = new int[count];
        Span<float> theta = stackalloc float[FeatureVector.Length];
        for (var draw = 0; draw < draws; draw++)
        {
            policy.Draw(scale, ref chance, theta);
            for (var row = 0; row < count; row++)
            {
                values[row] = -TensorPrimitives.Dot(features.Slice(row * FeatureVector.Length, FeatureVector.Length), theta);
                rows[row] = row;
            }

            Array.Sort(rows, (a, b) => values[a] != values[b] ? values[a].CompareTo(values[b]) : a.CompareTo(b));
            orders.AddRange(rows.AsSpan(0, length));
        }

        return orders.ToImmutable();
    }
}
