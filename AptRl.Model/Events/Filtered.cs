using System.Collections.Immutable;

namespace AptRl.Model.Events;

/// <summary>How many items a filter took out of a decision, and the first of them.</summary>
/// <param name="Filter">The filter's name, such as <c>unavailable</c>.</param>
/// <param name="Count">Items removed by it.</param>
/// <param name="Items">
/// The first that it removed, in order of discovery, so that those come first which the policy thought of first; at most
/// <see cref="ItemsMax"/>, since they are kept with the decision. Empty in decisions of before they were told.
/// </param>
public readonly record struct Filtered(string Filter, int Count, ImmutableArray<ItemId> Items)
{
    /// <summary>Items that are named at most; the others are counted.</summary>
    public const int ItemsMax = 8;

    /// <inheritdoc/>
    public bool Equals(Filtered other) => Filter == other.Filter && Count == other.Count && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Filter, Count);
}
