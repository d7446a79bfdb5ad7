using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>A model that scores by the dot product of a history's vector and an item's.</summary>
/// <param name="floor">The order where the history says nothing, and of ties.</param>
/// <param name="items">[N, D], row-major.</param>
/// <param name="vectorOf">The vector of a history, [D]; null where there is none.</param>
internal sealed class FactorRecommender(PopularityFloor floor, float[] items, Func<ReadOnlyMemory<IndexedTouch>, float[]?> vectorOf) : IRecommender
{
    private const int BlockLength = 256;

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        var vectors = new float[]?[questions.Length];
        for (var i = 0; i < questions.Length; i++)
        {
            vectors[i] = vectorOf(questions[i].History);
        }

        // Block by block, so that items are read from memory once for all questions and not once for each.
        for (var block = 0; block < floor.Count; block += BlockLength)
        {
            for (var i = 0; i < vectors.Length; i++)
            {
                if (vectors[i] is { } vector)
                {
                    Score(vector, block, scores.Slice(i * floor.Count, floor.Count));
                }
            }
        }

        for (var i = 0; i < vectors.Length; i++)
        {
            var row = scores.Slice(i * floor.Count, floor.Count);
            if (vectors[i] is null)
            {
                floor.Write(row);
            }
            else
            {
                floor.BreakTies(row);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Score(float[] vector, int block, Span<float> row)
    {
        for (var item = block; item < Math.Min(block + BlockLength, row.Length); item++)
        {
            row[item] = FixedOrder.Dot<float>(vector, items.AsSpan(item * vector.Length, vector.Length));
        }
    }
}
