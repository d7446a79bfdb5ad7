using AptRl.Model.Events;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>Knows the shop's truth and shows the slate that is most likely to be clicked now: what nobody can beat on a page view.</summary>
/// <remarks>With a <see cref="ShopPlan"/> it shows what earns most clicks over the rest of the session: the best known for a discount above 0.</remarks>
public sealed class OracleShopkeeper : IShopkeeper
{
    private readonly SimulatedShop _shop;
    private readonly ShopPlan? _plan;

    /// <summary>Takes the shop that it will serve.</summary>
    /// <param name="shop">The shop.</param>
    /// <param name="farSighted">Whether the rest of the session counts.</param>
    public OracleShopkeeper(SimulatedShop shop, bool farSighted)
    {
        ArgumentNullException.ThrowIfNull(shop);
        (_shop, _plan) = (shop, farSighted ? new ShopPlan(shop.World, shop.Habits) : null);
    }

    /// <inheritdoc/>
    public void Hear(Interaction interaction)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShopSlate> Fill(IReadOnlyList<PageView> views, int count)
        => [.. views.Select(view => new ShopSlate(view.RequestId, _plan is null ? _shop.OracleSlate(view, count) : [.. Planned(view, count)]))];

    /// <inheritdoc/>
    public void Learn()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private IEnumerable<ItemId> Planned(PageView view, int count)
    {
        var (taste, intent, moved) = (_shop.TasteOf(view), _shop.IntentOf(view), _shop.HasFashionMoved(view));
        return _plan!.Slate(_shop.Logits(view), intent, _plan.Values(view.User, taste, moved, count), count)
            .Select(item => _shop.Catalogue[item].Id);
    }
}
