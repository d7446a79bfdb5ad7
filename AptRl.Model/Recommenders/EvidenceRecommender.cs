using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>A model whose history speaks for a few items; the rest of the catalogue follows by popularity.</summary>
/// <param name="floor">The order of the rest.</param>
/// <param name="gather">Adds to the evidence [N], which comes as zeros, what the history says.</param>
internal sealed class EvidenceRecommender(PopularityFloor floor, EvidenceRecommender.Gather gather) : IRecommender
{
    internal delegate void Gather(ReadOnlySpan<IndexedTouch> history, Span<float> evidence);

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        for (var i = 0; i < questions.Length; i++)
        {
            var row = scores.Slice(i * floor.Count, floor.Count);
            row.Clear();
            gather(questions[i].History.Span, row);
            floor.Settle(row);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
