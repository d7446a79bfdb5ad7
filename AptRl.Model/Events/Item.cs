using System.Collections.Immutable;

namespace AptRl.Model.Events;

/// <summary>What the catalogue knows of an item.</summary>
/// <param name="Id">Which.</param>
/// <param name="Available">Whether it may be shown at all.</param>
/// <param name="Categories">The shop's categories, for filters; may be empty.</param>
/// <param name="Price">In the shop's currency; null where not told.</param>
public sealed record Item(ItemId Id, bool Available, ImmutableArray<string> Categories, double? Price = null)
{
    /// <summary>Categories that an item may have at most.</summary>
    public const int CategoriesMax = 32;

    /// <inheritdoc/>
    public bool Equals(Item? other)
        => other is not null && Id == other.Id && Available == other.Available && Nullable.Equals(Price, other.Price)
            && Categories.SequenceEqual(other.Categories, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Available, Price, Categories.Length);
}
