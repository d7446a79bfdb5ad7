using AptRl.Model.Datasets;
using AptRl.Model.Recommenders;

namespace AptRl.Tests.Support;

/// <summary>Scores the catalogue alike for every question.</summary>
internal sealed class FixedScores(float[] catalogue) : IRecommender
{
    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        for (var question = 0; question < questions.Length; question++)
        {
            catalogue.CopyTo(scores[(question * catalogue.Length)..]);
        }
    }

    public void Dispose()
    {
    }
}
