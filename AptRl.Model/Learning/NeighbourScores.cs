using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>What the sessions like a user's window say comes next. A value: what is learned later does not change it.</summary>
public sealed class NeighbourScores
{
    private readonly Dictionary<ItemId, float> _shares;

    /// <summary>Takes each item's share, largest first.</summary>
    internal NeighbourScores(IReadOnlyList<KeyValuePair<ItemId, float>> shares)
        => (Items, _shares) = ([.. shares.Select(pair => pair.Key)], new Dictionary<ItemId, float>(shares));

    /// <summary>Nothing is said.</summary>
    public static NeighbourScores None { get; } = new([]);

    /// <summary>The items spoken for, best first: the <see cref="LiveSessions.ScoresMax"/> best at most.</summary>
    public IReadOnlyList<ItemId> Items { get; }

    /// <summary>An item's share of all that is said, in [0, 1]; 0 for one that is not spoken for.</summary>
    public float this[ItemId item] => _shares.GetValueOrDefault(item);
}
