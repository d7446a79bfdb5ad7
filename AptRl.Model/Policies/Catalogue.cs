using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Policies;

/// <summary>What the shop told of its items. Immutable. An item that nobody told of may be shown: a shop need not upload one.</summary>
public sealed class Catalogue
{
    /// <summary>Items that a catalogue may hold.</summary>
    public const int ItemsMax = 2_000_000;

    private readonly Lazy<ImmutableArray<ItemId>> _available;
    private readonly Lazy<ImmutableHashSet<string>> _categories;

    private Catalogue(ImmutableDictionary<ItemId, Item> items, ImmutableHashSet<ItemId> unavailable)
    {
        (Items, Unavailable) = (items, unavailable);
        _available = new(() => [.. Items.Values.Where(item => item.Available).Select(item => item.Id).Order()]);
        _categories = new(() => Items.Values.Where(item => !item.Categories.IsEmpty).Select(item => item.Categories[0]).ToImmutableHashSet(StringComparer.Ordinal));
    }

    /// <summary>A catalogue with nothing in it.</summary>
    public static Catalogue Empty { get; } = new(ImmutableDictionary<ItemId, Item>.Empty, []);

    /// <summary>The items.</summary>
    public ImmutableDictionary<ItemId, Item> Items { get; }

    /// <summary>Items that may not be shown.</summary>
    public ImmutableHashSet<ItemId> Unavailable { get; }

    /// <summary>Items that may be shown, in order of their names.</summary>
    public ImmutableArray<ItemId> Available => _available.Value;

    /// <summary>Categories that are the first of some item.</summary>
    public ImmutableHashSet<string> Categories => _categories.Value;

    /// <summary>The first category of an item, which stands for what it is; null where none was told.</summary>
    public string? CategoryOf(ItemId item) => Items.TryGetValue(item, out var told) && !told.Categories.IsEmpty ? told.Categories[0] : null;

    /// <summary>The catalogue with these items added or replaced.</summary>
    public Catalogue With(IEnumerable<Item> items)
    {
        var (all, unavailable) = (Items.ToBuilder(), Unavailable.ToBuilder());
        foreach (var item in items)
        {
            all[item.Id] = item;
            _ = item.Available ? unavailable.Remove(item.Id) : unavailable.Add(item.Id);
        }

        return new Catalogue(all.ToImmutable(), unavailable.ToImmutable());
    }
}
