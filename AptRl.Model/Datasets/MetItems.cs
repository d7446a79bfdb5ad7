using System.Collections;
using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>A catalogue that grows as a log is read: what lies ahead cannot be looked up.</summary>
/// <param name="items">All items of the log, in the order in which they are met.</param>
internal sealed class MetItems(ImmutableArray<ItemId> items) : IReadOnlyList<ItemId>
{
    /// <summary>Items met so far: N.</summary>
    public int Count { get; private set; }

    /// <summary>The name of an item that was met.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It was not.</exception>
    public ItemId this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return items[index];
        }
    }

    public IEnumerator<ItemId> GetEnumerator() => items.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Meet(int item) => Count = Math.Max(Count, item + 1);
}
