using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>Numbers items in the order in which the training part touches them.</summary>
internal sealed class ItemNumbers
{
    private readonly Dictionary<ItemId, int> _numbers = [];
    private readonly ImmutableArray<ItemId>.Builder _items = ImmutableArray.CreateBuilder<ItemId>();

    public int Learn(ItemId item)
    {
        if (!_numbers.TryGetValue(item, out var number))
        {
            _numbers.Add(item, number = _items.Count);
            _items.Add(item);
        }

        return number;
    }

    public int Of(ItemId item) => _numbers.GetValueOrDefault(item, IndexedTouch.NoItem);

    public ImmutableArray<ItemId> ToCatalogue() => _items.ToImmutable();
}
