using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>An item that is touched beside another.</summary>
/// <param name="Item">Which.</param>
/// <param name="Weight">Times it came next before or after the other in a session.</param>
public readonly record struct Neighbour(ItemId Item, int Weight);

/// <summary>Which items are touched next to which: co-visitation counts.</summary>
/// <remarks>
/// Symmetric counts of consecutive items of a session. Counting is exact and free of order; what is over the bounds is
/// dropped only when a policy is published, so that the result depends on what was learned between two publications and
/// not on its order.
/// </remarks>
public sealed class Neighbourhood
{
    private readonly LearnerOptions _options;
    private readonly Dictionary<ItemId, Dictionary<ItemId, int>> _counts = [];
    private readonly HashSet<ItemId> _changed = [];
    private readonly ImmutableDictionary<ItemId, ImmutableArray<Neighbour>>.Builder _published
        = ImmutableDictionary.CreateBuilder<ItemId, ImmutableArray<Neighbour>>();

    /// <summary>Nothing counted yet.</summary>
    public Neighbourhood(LearnerOptions options) => _options = options;

    /// <summary>The counts as they are.</summary>
    public IReadOnlyDictionary<ItemId, Dictionary<ItemId, int>> Counts => _counts;

    /// <summary>Puts back one item's counts from a snapshot.</summary>
    public void Restore(ItemId item, IEnumerable<Neighbour> neighbours)
    {
        _counts[item] = neighbours.ToDictionary(neighbour => neighbour.Item, neighbour => neighbour.Weight);
        _changed.Add(item);
    }

    /// <summary>Counts a touch that followed another item.</summary>
    public void Add(TouchedItem touch)
    {
        if (touch.Previous is { } previous)
        {
            Count(previous, touch.Item);
            Count(touch.Item, previous);
        }
    }

    /// <summary>Cuts to the bounds and gives what deciding reads: each item's neighbours, heaviest first.</summary>
    public ImmutableDictionary<ItemId, ImmutableArray<Neighbour>> Publish()
    {
        foreach (var item in _changed)
        {
            ImmutableArray<Neighbour> kept = [.. _counts[item]
                .Select(pair => new Neighbour(pair.Key, pair.Value))
                .OrderByDescending(neighbour => neighbour.Weight).ThenBy(neighbour => neighbour.Item)
                .Take(_options.NeighboursMax)];
            if (kept.Length < _counts[item].Count)
            {
                _counts[item] = kept.ToDictionary(neighbour => neighbour.Item, neighbour => neighbour.Weight);
            }

            _published[item] = kept;
        }

        _changed.Clear();
        if (_counts.Count > _options.ItemsMax)
        {
            Forget();
        }

        return _published.ToImmutable();
    }

    // A tenth is dropped at once, so that the sort is rare.
    private void Forget()
    {
        var dropped = _counts
            .Select(pair => (pair.Key, Weight: pair.Value.Values.Sum(weight => (long)weight)))
            .OrderBy(pair => pair.Weight).ThenBy(pair => pair.Key)
            .Take(_counts.Count - _options.ItemsMax * 9 / 10)
            .ToList();
        foreach (var (item, _) in dropped)
        {
            _counts.Remove(item);
            _published.Remove(item);
        }
    }

    private void Count(ItemId item, ItemId neighbour)
    {
        if (!_counts.TryGetValue(item, out var counts))
        {
            _counts[item] = counts = [];
        }

        counts[neighbour] = counts.GetValueOrDefault(neighbour) + 1;
        _changed.Add(item);
    }
}
