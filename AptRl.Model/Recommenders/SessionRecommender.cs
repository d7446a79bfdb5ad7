using System.Runtime.InteropServices;
using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>Answers questions by what an index of sessions finds; what it does not find scores -∞.</summary>
/// <remarks>Reuses its scratch: one caller at a time.</remarks>
internal abstract class SessionRecommender(int items) : IRecommender
{
    private readonly List<int> _history = [];

    /// <summary>N.</summary>
    protected int Items => items;

    /// <summary>Scores questions one after the other.</summary>
    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        for (var question = 0; question < questions.Length; question++)
        {
            _history.Clear();
            foreach (var touch in questions[question].History.Span)
            {
                _history.Add(touch.Item);
            }

            Score(CollectionsMarshal.AsSpan(_history), questions[question].Seconds, scores.Slice(question * items, items));
        }
    }

    /// <summary>Nothing to let go.</summary>
    public void Dispose()
    {
    }

    /// <summary>Writes the scores of what it finds.</summary>
    /// <param name="history">Items, oldest first; negative for one that training never saw.</param>
    /// <param name="seconds">When it is asked.</param>
    /// <param name="scores">[N], all -∞ before.</param>
    protected abstract void Score(ReadOnlySpan<int> history, long seconds, Span<float> scores);
}
