using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>Who serves a simulated shop: hears what shoppers do, fills page views with slates, and learns from what came of them.</summary>
/// <remarks>Its calls come from one thread: a batch of browsing, <see cref="Fill"/>, the responses, <see cref="Learn"/>, and again.</remarks>
public interface IShopkeeper : IDisposable
{
    /// <summary>A shopper did something. Also what happened before the shop had recommendations, before the first page view.</summary>
    void Hear(Interaction interaction);

    /// <summary>Slates for page views of different shoppers.</summary>
    /// <param name="views">Open page views.</param>
    /// <param name="count">Positions of each.</param>
    IReadOnlyList<ShopSlate> Fill(IReadOnlyList<PageView> views, int count);

    /// <summary>All that came of the last batch has been heard: the moment to learn, where it is due.</summary>
    void Learn();
}

/// <summary>What a shopkeeper shows on one page view.</summary>
/// <param name="RecommendationId">By which responses name it.</param>
/// <param name="Items">First position first.</param>
public sealed record ShopSlate(string RecommendationId, ImmutableArray<ItemId> Items);
