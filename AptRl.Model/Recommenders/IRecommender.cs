using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>A fitted model that scores the whole catalogue for a question.</summary>
public interface IRecommender : IDisposable
{
    /// <summary>Scores every item for each question; only the order of scores within a question matters.</summary>
    /// <param name="questions">B questions.</param>
    /// <param name="scores">[B, N], row-major. Every number is written; -∞ for an item that the model has nothing to say about. Never not a number.</param>
    void Score(ReadOnlySpan<Question> questions, Span<float> scores);
}
