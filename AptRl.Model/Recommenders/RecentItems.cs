using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>A history as the different items in it; what was only turned away from is not in it.</summary>
internal static class RecentItems
{
    /// <summary>The items of the newest touches, each once, newest first.</summary>
    /// <param name="history">Oldest first.</param>
    /// <param name="countMax">How many at most: what bounds the work for an endless history.</param>
    internal static List<int> Of(ReadOnlySpan<IndexedTouch> history, int countMax)
    {
        var items = new List<int>(Math.Min(history.Length, countMax));
        var seen = new HashSet<int>();
        for (var at = history.Length - 1; at >= 0 && items.Count < countMax; at--)
        {
            if (history[at] is { Item: >= 0, IsWanted: true } && seen.Add(history[at].Item))
            {
                items.Add(history[at].Item);
            }
        }

        return items;
    }
}
