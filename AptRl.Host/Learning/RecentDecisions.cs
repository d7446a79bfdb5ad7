using AptRl.Model.Events;

namespace AptRl.Host.Learning;

/// <summary>The newest decisions of this node, for whoever looks for one to open.</summary>
internal sealed class RecentDecisions
{
    /// <summary>Decisions kept; the oldest goes.</summary>
    public const int CountMax = 100;

    private readonly Lock _gate = new();
    private readonly Queue<Decision> _newest = new();

    public void Add(Decision decision)
    {
        lock (_gate)
        {
            _newest.Enqueue(decision);
            if (_newest.Count > CountMax)
            {
                _newest.Dequeue();
            }
        }
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Decision> Newest(int count)
    {
        lock (_gate)
        {
            return [.. _newest.Reverse().Take(count)];
        }
    }
}
