using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Tests.Support;

/// <summary>An encoder that knows no item.</summary>
internal sealed class NoSpace : IItemSpace
{
    public string Version => "none";

    public int Width => 0;

    public IReadOnlyList<ItemId> Items => [];

    public ReadOnlySpan<float> VectorOf(ItemId item) => [];

    public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [];
}
