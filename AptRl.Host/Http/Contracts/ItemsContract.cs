namespace AptRl.Host.Http.Contracts;

/// <summary>Items to add to the catalogue or to replace in it: all of them, or none where one is wrong.</summary>
internal sealed record ItemsBody(IReadOnlyList<ItemBody>? Items = null);

/// <summary>What the catalogue knows of an item.</summary>
/// <param name="Id">The shop's id; required.</param>
/// <param name="Available">Whether it may be shown; true where it is missing.</param>
/// <param name="Categories">The shop's categories, for filters.</param>
/// <param name="Price">In the shop's currency.</param>
internal sealed record ItemBody(
    string? Id = null, bool Available = true, IReadOnlyList<string>? Categories = null, double? Price = null);

/// <summary>How many items are durable now.</summary>
internal sealed record ItemsAnswer(int Upserted);
