using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders.Online;

/// <summary>What was touched most in the newest seven days that were learned.</summary>
/// <remarks>Bounded by <see cref="TouchesMax"/>: beyond it the days are fewer.</remarks>
internal sealed class NewestPopularity : IOnlineRecommender
{
    private const long Days7 = 7 * 86_400;
    private const int TouchesMax = 1 << 20;

    private readonly Queue<IndexedTouch> _newest = new();
    private readonly Dictionary<int, int> _counts = [];

    public void Learn(ReadOnlySpan<UserTouch> touches)
    {
        foreach (var (_, touch, _) in touches)
        {
            _newest.Enqueue(touch);
            _counts[touch.Item] = _counts.GetValueOrDefault(touch.Item) + 1;
            while (_newest.Count > TouchesMax || _newest.Peek().Seconds <= touch.Seconds - Days7)
            {
                var old = _newest.Dequeue().Item;
                if (--_counts[old] == 0)
                {
                    _counts.Remove(old);
                }
            }
        }
    }

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        var items = scores.Length / questions.Length;
        for (var question = 0; question < questions.Length; question++)
        {
            var own = scores.Slice(question * items, items);
            foreach (var (item, count) in _counts)
            {
                own[item] = count;
            }
        }
    }

    public void Dispose()
    {
    }
}
