using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>One touch of a sequence, as recommenders are fitted to it and asked about it.</summary>
/// <param name="Item">Index into the items of the training part; <see cref="NoItem"/> for an item that training never saw.</param>
/// <param name="Kind">The interaction kind's number (<see cref="InteractionKind"/>).</param>
/// <param name="Seconds">When. Seconds since 1970, or where the data has no times a number that grows from sequence to sequence.</param>
public readonly record struct IndexedTouch(int Item, byte Kind, long Seconds)
{
    /// <summary>An item that training never saw, or no item.</summary>
    public const int NoItem = -1;

    /// <summary>Whether it is worth predicting; what a user turns away from is worth knowing only.</summary>
    public bool IsWanted => (InteractionKind)Kind
        is not (InteractionKind.RemoveFromCart or InteractionKind.Refund or InteractionKind.Dismiss or InteractionKind.SessionEnd);
}
