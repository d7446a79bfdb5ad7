using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders.Online;

/// <summary>What the user touched, the newest first, and behind it what is popular: the baseline that a shop of returning buyers fears most.</summary>
internal sealed class OnlineRepeatLast : IOnlineRecommender
{
    // Above any count that the popularity can hold.
    private const float Seen = 1 << 21;

    private readonly NewestPopularity _popularity = new();

    public void Learn(ReadOnlySpan<UserTouch> touches) => _popularity.Learn(touches);

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        _popularity.Score(questions, scores);
        var items = scores.Length / questions.Length;
        for (var question = 0; question < questions.Length; question++)
        {
            var history = questions[question].History.Span;
            for (var at = 0; at < history.Length; at++)
            {
                scores[question * items + history[at].Item] = Seen + at;
            }
        }
    }

    public void Dispose() => _popularity.Dispose();
}
