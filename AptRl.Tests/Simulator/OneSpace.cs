using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Tests.Simulator;

/// <summary>A small space of vectors in the place of the encoder's: what an item's name hashes to.</summary>
internal sealed class OneSpace : IItemSpace
{
    public static OneSpace Instance { get; } = new();

    private readonly Dictionary<ItemId, float[]> _vectors = [];

    public string Version => "simulated";

    public int Width => 4;

    public IReadOnlyList<ItemId> Items => [];

    public ReadOnlySpan<float> VectorOf(ItemId item)
    {
        lock (_vectors)
        {
            return _vectors.TryGetValue(item, out var vector) ? vector : _vectors[item] = Drawn(StableHash.Of(item.Value));
        }
    }

    public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [];

    /// <summary>A vector that a number stands for.</summary>
    public static float[] Drawn(ulong key)
    {
        var chance = new Chance(key);
        return [.. Enumerable.Range(0, 4).Select(_ => (float)chance.NextNormal())];
    }
}
