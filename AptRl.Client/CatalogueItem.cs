namespace AptRl.Client;

/// <summary>What the catalogue knows of an item.</summary>
/// <param name="Id">The shop's id.</param>
/// <param name="Available">Whether it may be shown.</param>
/// <param name="Categories">The shop's categories, for filters; at most 32.</param>
/// <param name="Price">In the shop's currency.</param>
public sealed record CatalogueItem(string Id, bool Available = true, IReadOnlyList<string>? Categories = null, double? Price = null);
