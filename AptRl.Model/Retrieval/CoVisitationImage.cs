using System.Collections.Immutable;

namespace AptRl.Model.Retrieval;

/// <summary>What is counted near one item, as a snapshot holds it.</summary>
/// <param name="Item">Which.</param>
/// <param name="Step">Halvings that its weights have seen.</param>
/// <param name="Neighbours">Item and weight, by item.</param>
public readonly record struct CoVisitsImage(int Item, long Step, ImmutableArray<(int Item, int Weight)> Neighbours);

/// <summary>A co-visitation index at rest.</summary>
/// <param name="Items">What is counted near each item, by item.</param>
/// <param name="Dropped">Neighbours dropped at the bound.</param>
public sealed record CoVisitationImage(ImmutableArray<CoVisitsImage> Items, long Dropped)
{
    /// <summary>SHA-256 over all that retrieval depends on, as 64 hexadecimal digits: equal counts, equal hashes, on every machine.</summary>
    public string Hash()
    {
        using var hash = new ImageHash();
        hash.Append(Items.Length);
        foreach (var (item, step, neighbours) in Items)
        {
            hash.Append(item);
            hash.Append(step);
            hash.Append(neighbours.Length);
            foreach (var (neighbour, weight) in neighbours)
            {
                hash.Append([neighbour, weight]);
            }
        }

        return hash.Digits();
    }
}
