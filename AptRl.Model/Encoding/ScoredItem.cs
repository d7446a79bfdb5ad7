using AptRl.Model.Events;

namespace AptRl.Model.Encoding;

/// <summary>A known item and how well it fits a state.</summary>
/// <param name="Item">Which.</param>
/// <param name="Row">Its row in the vocabulary and in <see cref="EncoderModel.ItemVectors"/>.</param>
/// <param name="Score">Dot product of state and item vector; the cosine, for a state of length 1.</param>
public readonly record struct ScoredItem(ItemId Item, int Row, float Score);
