using AptRl.Model.Datasets;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Recommenders.Online;

/// <summary>Session neighbours over an index that takes each touch in as it comes, a session being what a user does without a gap of 30 minutes.</summary>
internal sealed class OnlineNeighbours : IOnlineRecommender
{
    private const long GapSeconds = 30 * 60;
    private const int OpenMax = 1 << 16;

    private readonly SessionMemory _memory = new(new SessionIndexOptions(), new CoVisitationOptions());
    private readonly SessionNeighbours _neighbours;
    private readonly Dictionary<int, (long Session, long Seconds)> _open = [];
    private readonly int[] _history = new int[SessionNeighbours.QueryMax];

    public OnlineNeighbours() => _neighbours = new SessionNeighbours(_memory.Sessions, _memory.CoVisits, new SessionNeighboursOptions());

    public void Learn(ReadOnlySpan<UserTouch> touches)
    {
        foreach (var (user, touch, _) in touches)
        {
            if (!_open.TryGetValue(user, out var open) || touch.Seconds - open.Seconds > GapSeconds)
            {
                Forget(touch.Seconds - GapSeconds);
                open.Session = _memory.Open();
            }

            // A session is full at some point; what goes on is a session of its own.
            if (!_memory.Append(open.Session, touch.Item))
            {
                _memory.Append(open.Session = _memory.Open(), touch.Item);
            }

            _open[user] = (open.Session, touch.Seconds);
        }
    }

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        var items = scores.Length / questions.Length;
        for (var question = 0; question < questions.Length; question++)
        {
            var touches = questions[question].History.Span;
            touches = touches[Math.Max(0, touches.Length - _history.Length)..];
            for (var at = 0; at < touches.Length; at++)
            {
                _history[at] = touches[at].Item;
            }

            foreach (var item in _neighbours.Ask(_history.AsSpan(0, touches.Length)))
            {
                scores[question * items + item] = _neighbours[item];
            }
        }
    }

    public void Dispose()
    {
    }

    private void Forget(long before)
    {
        if (_open.Count >= OpenMax)
        {
            foreach (var (user, open) in _open.ToArray())
            {
                if (open.Seconds < before)
                {
                    _open.Remove(user);
                }
            }
        }
    }
}
