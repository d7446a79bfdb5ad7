using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Model.Encoding;

/// <summary>An encoder's items as deciding sees them.</summary>
public sealed class ItemSpace(EncoderModel model) : IItemSpace
{
    /// <inheritdoc/>
    public string Version => model.Version;

    /// <inheritdoc/>
    public int Width => model.Options.Width;

    /// <inheritdoc/>
    public IReadOnlyList<ItemId> Items => model.Vocabulary.Known;

    /// <inheritdoc/>
    public ReadOnlySpan<float> VectorOf(ItemId item) => model.ItemVector(item);

    /// <inheritdoc/>
    public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count)
    {
        var best = new ScoredItem[count];
        var found = model.TopK(state, best);
        return [.. best.Take(found).Select(scored => scored.Item)];
    }
}
