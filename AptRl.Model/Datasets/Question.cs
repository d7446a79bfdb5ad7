namespace AptRl.Model.Datasets;

/// <summary>What comes next?</summary>
/// <param name="History">What the user or session did before, oldest first; may be empty.</param>
/// <param name="Seconds">When it is asked, on the clock of <see cref="IndexedTouch.Seconds"/>.</param>
public readonly record struct Question(ReadOnlyMemory<IndexedTouch> History, long Seconds);
