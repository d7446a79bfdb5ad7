using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>How often items stood in the last slates, at rest.</summary>
/// <param name="Slates">Slates of the block under way.</param>
/// <param name="Shown">Times shown in it, by item.</param>
/// <param name="SlatesBefore">Slates of the block before.</param>
/// <param name="ShownBefore">Times shown in that.</param>
public sealed record ExposureImage(
    long Slates, ImmutableArray<KeyValuePair<ItemId, int>> Shown, long SlatesBefore, ImmutableArray<KeyValuePair<ItemId, int>> ShownBefore);

/// <summary>Counts in how many of the last slates each item stood.</summary>
/// <remarks>
/// Two blocks of slates: the one under way and the one before. A block is closed at a publication, so that the order of lessons
/// between two publications does not matter; so "the last slates" are between one and two blocks, and what a publication brought.
/// </remarks>
public sealed class ExposureMemory
{
    private readonly int _block;
    private Dictionary<ItemId, int> _shown;
    private ImmutableDictionary<ItemId, int> _before;
    private long _slates;
    private long _slatesBefore;

    /// <summary>Nothing shown yet.</summary>
    /// <param name="block">Slates of a block; 0 counts nothing.</param>
    public ExposureMemory(int block)
        : this(block, new ExposureImage(0, [], 0, []))
    {
    }

    /// <summary>As it was.</summary>
    /// <param name="block">Slates of a block; 0 counts nothing.</param>
    /// <param name="image">What was counted.</param>
    public ExposureMemory(int block, ExposureImage image)
        => (_block, _shown, _before, _slates, _slatesBefore) = (
            block, image.Shown.ToDictionary(), image.ShownBefore.ToImmutableDictionary(), image.Slates, image.SlatesBefore);

    /// <summary>Counts a slate.</summary>
    public void Add(ImmutableArray<ShownItem> slate)
    {
        if (_block == 0 || slate.IsEmpty)
        {
            return;
        }

        _slates++;
        foreach (var shown in slate)
        {
            _shown[shown.Item] = _shown.GetValueOrDefault(shown.Item) + 1;
        }
    }

    /// <summary>Closes the block if it is full.</summary>
    public void Publish()
    {
        if (_block > 0 && _slates >= _block)
        {
            (_before, _slatesBefore) = (_shown.ToImmutableDictionary(), _slates);
            (_shown, _slates) = ([], 0);
        }
    }

    /// <summary>The items that stand in more than this share of the last slates.</summary>
    public ImmutableHashSet<ItemId> Above(double share)
    {
        var slates = _slates + _slatesBefore;
        return [.. _shown.Keys.Union(_before.Keys).Where(item => _shown.GetValueOrDefault(item) + _before.GetValueOrDefault(item) > share * slates)];
    }

    /// <summary>Everything in it; null where nothing is counted.</summary>
    public ExposureImage? Image()
        => _block == 0 ? null : new ExposureImage(
            _slates, [.. _shown.OrderBy(pair => pair.Key)], _slatesBefore, [.. _before.OrderBy(pair => pair.Key)]);
}
