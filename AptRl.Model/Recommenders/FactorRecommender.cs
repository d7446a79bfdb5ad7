using System.Numerics.Tensors;
using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>A model that scores by the dot product of a history's vector and an item's.</summary>
/// <param name="floor">The order where the history says nothing, and of ties.</param>
/// <param name="items">[N, D], row-major.</param>
/// <param name="vectorOf">The vector of a history, [D]; null where there is none.</param>
internal sealed class FactorRecommender(PopularityFloor floor, float[] items, Func<ReadOnlyMemory<IndexedTouch>, float[]?> vectorOf) : IRecommender
{
    /// <inheritdoc/>
    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        for (var i = 0; i < questions.Length; i++)
        {
            var row = scores.Slice(i * floor.Count, floor.Count);
            if (vectorOf(questions[i].History) is not { } vector)
            {
                floor.Write(row);
                continue;
            }

            for (var item = 0; item < row.Length; item++)
            {
                row[item] = TensorPrimitives.Dot(vector, items.AsSpan(item * vector.Length, vector.Length));
            }

            floor.BreakTies(row);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
