using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>Shows items of the catalogue drawn at random: what doing nothing clever is worth.</summary>
public sealed class UniformShopkeeper(ImmutableArray<Item> catalogue, ulong seed) : IShopkeeper
{
    private readonly Chance _chance = new Chance(seed).Split("uniform");

    /// <inheritdoc/>
    public void Hear(Interaction interaction)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShopSlate> Fill(IReadOnlyList<PageView> views, int count) => [.. views.Select(view => Slate(view, count))];

    /// <inheritdoc/>
    public void Learn()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private ShopSlate Slate(PageView view, int count)
    {
        var chance = _chance.Split(view.RequestId);
        var drawn = new HashSet<int>();
        var items = ImmutableArray.CreateBuilder<ItemId>();
        while (items.Count < Math.Min(count, catalogue.Length))
        {
            if (chance.Next(catalogue.Length) is var item && drawn.Add(item))
            {
                items.Add(catalogue[item].Id);
            }
        }

        return new ShopSlate(view.RequestId, items.ToImmutable());
    }
}
