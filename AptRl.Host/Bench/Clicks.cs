using System.Collections.Concurrent;

namespace AptRl.Host.Bench;

/// <summary>An item that was just shown to a user.</summary>
internal readonly record struct ShownItem(string User, string RecommendationId, int Item, int Position);

/// <summary>Items just shown, waiting to be clicked. Bounded: what is shown while it is full is not clicked.</summary>
internal sealed class Clicks
{
    private const int CountMax = 1_024;

    private readonly ConcurrentQueue<ShownItem> _shown = new();

    public void Offer(ShownItem shown)
    {
        if (_shown.Count < CountMax)
        {
            _shown.Enqueue(shown);
        }
    }

    public bool TryTake(out ShownItem shown) => _shown.TryDequeue(out shown);
}
