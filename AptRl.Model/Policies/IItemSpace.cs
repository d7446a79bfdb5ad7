using AptRl.Model.Events;

namespace AptRl.Model.Policies;

/// <summary>Where states and items are vectors of one space: the encoder as deciding sees it. Safe for many threads.</summary>
public interface IItemSpace
{
    /// <summary>Version of the encoder.</summary>
    string Version { get; }

    /// <summary>Numbers in a state and in an item's vector.</summary>
    int Width { get; }

    /// <summary>Items known since training, in a fixed order.</summary>
    IReadOnlyList<ItemId> Items { get; }

    /// <summary>An item's vector; also for an item that training never saw.</summary>
    ReadOnlySpan<float> VectorOf(ItemId item);

    /// <summary>The known items with the largest product with a state, largest first; equal ones in order of their names.</summary>
    IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count);
}
