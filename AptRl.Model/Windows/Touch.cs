using AptRl.Model.Events;

namespace AptRl.Model.Windows;

/// <summary>One place in a window: one item of one interaction, or an interaction without an item, such as a search.</summary>
/// <param name="Id">The interaction it came from; an interaction with several items makes several touches.</param>
/// <param name="Item">To what; null where the interaction named no item.</param>
/// <param name="Kind">Did what.</param>
/// <param name="At">When, in event time.</param>
public readonly record struct Touch(EventId Id, ItemId? Item, InteractionKind Kind, DateTimeOffset At);
