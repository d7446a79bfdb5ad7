namespace AptRl.Actors.Clustering;

/// <summary>Puts a writer's entries in order: n+1 after n and nothing else.</summary>
/// <remarks>
/// What comes ahead of a gap waits for the gap to be filled, up to a bound; beyond it it is dropped and becomes part of the gap.
/// What comes a second time is dropped.
/// </remarks>
public sealed class EntryOrder
{
    /// <summary>Entries that may wait behind a gap.</summary>
    public const int AheadMax = 64;

    private readonly SortedDictionary<long, object> _ahead = [];

    /// <summary>Begins behind an entry.</summary>
    /// <param name="through">The newest entry that is applied already.</param>
    public EntryOrder(long through) => (Through, Known) = (through, through);

    /// <summary>The newest entry up to which all are applied.</summary>
    public long Through { get; private set; }

    /// <summary>The newest entry that is known to be there.</summary>
    public long Known { get; private set; }

    /// <summary>Whether an entry is missing that is known to be there, so that it must be read.</summary>
    public bool IsGap => Known > Through;

    /// <summary>Takes note that there are entries up to this one.</summary>
    public void Hear(long entry) => Known = Math.Max(Known, entry);

    /// <summary>Takes an entry and gives all that can be applied now, in order.</summary>
    /// <param name="entry">Its number.</param>
    /// <param name="fact">What it says; null where that was not told.</param>
    public IReadOnlyList<object> Take(long entry, object? fact)
    {
        Hear(entry);
        if (fact is null || entry <= Through || (entry > Through + 1 && _ahead.Count >= AheadMax))
        {
            return [];
        }

        _ahead[entry] = fact;
        var next = new List<object>();
        while (_ahead.Remove(Through + 1, out var found))
        {
            next.Add(found);
            Through++;
        }

        while (_ahead.Count > 0 && _ahead.First().Key is var first && first <= Through)
        {
            _ahead.Remove(first);
        }

        return next;
    }
}
