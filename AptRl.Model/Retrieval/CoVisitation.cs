using System.Collections.Immutable;

namespace AptRl.Model.Retrieval;

/// <summary>Which items are touched shortly before and after which.</summary>
/// <remarks>
/// A pair d touches apart weighs e^(-(d-1)/λ), and a share of that for the item that came second seeing the first. Weights
/// are whole numbers of 1/4096, so that sums are exact; recency halves them in whole steps of sessions. Within a step and
/// below the bound the order of touches of different sessions does not matter; at the bound it does, so that a replay must
/// keep it.
/// Single writer. Bounds: <see cref="CoVisitationOptions"/>; items without co-visits have no entry.
/// </remarks>
public sealed class CoVisitation
{
    private const int One = 1 << 12;

    private readonly CoVisitationOptions _options;
    private readonly int[] _after;
    private readonly int[] _before;
    private readonly List<CoVisits?> _items = [];

    /// <summary>Nothing counted yet.</summary>
    public CoVisitation(CoVisitationOptions options)
    {
        _options = options.Checked();
        _after = [.. Enumerable.Range(0, options.Reach).Select(gap => (int)Math.Round(One * Math.Exp(-gap / options.Distance)))];
        _before = [.. _after.Select(weight => (int)Math.Round(weight * options.Backward))];
    }

    /// <summary>Counts as they were.</summary>
    public CoVisitation(CoVisitationImage image, CoVisitationOptions options)
        : this(options)
    {
        foreach (var (item, step, neighbours) in image.Items)
        {
            foreach (var (neighbour, weight) in neighbours)
            {
                Dropped += EntryOf(item, step).Add(neighbour, weight, options.NeighboursMax);
            }
        }

        Dropped += image.Dropped;
    }

    /// <summary>Neighbours dropped at the bound.</summary>
    public long Dropped { get; private set; }

    /// <summary>Counts the newest touch of a session with those before it.</summary>
    /// <param name="items">The session up to now, oldest first; the last is new.</param>
    /// <param name="session">Its number, by which weights age.</param>
    public void Add(ReadOnlySpan<int> items, long session)
    {
        var step = _options.HalfLife == 0 ? 0 : session / _options.HalfLife;
        var item = items[^1];
        for (var gap = 0; gap < _options.Reach && gap + 1 < items.Length; gap++)
        {
            var earlier = items[^(gap + 2)];
            if (earlier != item)
            {
                Count(earlier, item, _after[gap], step);
                Count(item, earlier, _before[gap], step);
            }
        }
    }

    /// <summary>How much of what is touched near an item is this one: in [0, 1].</summary>
    public double Share(int of, int neighbour)
        => EntryOrNull(of) is { Total: > 0 } entry && entry.Items.IndexOf(neighbour) is >= 0 and var at
            ? entry.Weights[at] / (double)entry.Total
            : 0;

    /// <summary>The items touched near an item, in no order.</summary>
    public ReadOnlySpan<int> NeighboursOf(int item) => EntryOrNull(item) is { } entry ? entry.Items : [];

    /// <summary>Everything in it, for a snapshot.</summary>
    public CoVisitationImage Image() => new(
        [.. Enumerable.Range(0, _items.Count).Where(item => _items[item] is not null).Select(ImageOf)], Dropped);

    /// <summary>Hash of <see cref="Image"/>.</summary>
    public string Hash() => Image().Hash();

    internal CoVisits? EntryOrNull(int item) => (uint)item < (uint)_items.Count ? _items[item] : null;

    private CoVisitsImage ImageOf(int item)
    {
        var entry = _items[item]!;
        var neighbours = ImmutableArray.CreateBuilder<(int Item, int Weight)>(entry.Items.Length);
        for (var i = 0; i < entry.Items.Length; i++)
        {
            neighbours.Add((entry.Items[i], entry.Weights[i]));
        }

        neighbours.Sort((a, b) => a.Item.CompareTo(b.Item));
        return new CoVisitsImage(item, entry.Step, neighbours.ToImmutable());
    }

    private void Count(int of, int neighbour, int weight, long step)
    {
        if (weight > 0)
        {
            var entry = EntryOf(of, step);
            entry.AdvanceTo(step);
            Dropped += entry.Add(neighbour, weight, _options.NeighboursMax);
        }
    }

    private CoVisits EntryOf(int item, long step)
    {
        while (_items.Count <= item)
        {
            _items.Add(null);
        }

        return _items[item] ??= new CoVisits(step);
    }
}
