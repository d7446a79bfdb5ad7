using System.Collections.Immutable;

namespace AptRl.Model.Retrieval;

/// <summary>Past and open sessions, found by the items in them: what session neighbours are looked up in.</summary>
/// <remarks>
/// The index of VMIS-kNN (Kersbergen, Sprangers and Schelter, SIGMOD 2022): for each item the newest sessions that hold
/// it, for each session its items. Differences: it is built as touches come instead of once a day, positions are kept,
/// and a session's time is its number in the order of opening.
/// What it holds depends on which touches each session got, not on how the sessions' touches were mixed: an image is the
/// sessions kept, and an index built from them is the same.
/// Single writer; reading and writing at once is not safe.
/// Bounds: <see cref="SessionIndexOptions"/>. An item's entry goes with the last session that holds it.
/// </remarks>
public sealed class SessionIndex
{
    private readonly SessionIndexOptions _options;
    private readonly List<Session> _sessions = [];
    private readonly List<RecentSessions?> _byItem = [];
    private readonly long _base;

    /// <summary>Nothing seen yet.</summary>
    public SessionIndex(SessionIndexOptions options) => _options = options.Checked();

    /// <summary>An index as it was. Under narrower options than it was made with, it is cut to them.</summary>
    /// <exception cref="ArgumentException">There are more sessions than were opened.</exception>
    public SessionIndex(SessionIndexImage image, SessionIndexOptions options)
        : this(options)
    {
        Opened = image.Opened - image.Sessions.Length;
        if (Opened < 0)
        {
            throw new ArgumentException($"{image.Sessions.Length} sessions, but {image.Opened} were opened: the image is damaged", nameof(image));
        }

        (First, _base) = (Opened, Opened);
        foreach (var session in image.Sessions)
        {
            Add(session.AsSpan());
        }

        (Cut, Late) = (Cut + image.Cut, image.Late);
    }

    /// <summary>Sessions opened so far, those forgotten counted too: the number of the next one.</summary>
    public long Opened { get; private set; }

    /// <summary>The oldest session kept.</summary>
    public long First { get; private set; }

    /// <summary>Sessions kept.</summary>
    public int Count => (int)(Opened - First);

    /// <summary>Touches that came when their session was full: left out.</summary>
    public long Cut { get; private set; }

    /// <summary>Touches that came when their session was forgotten: left out.</summary>
    public long Late { get; private set; }

    /// <summary>Times a session was dropped from an item's newest ones.</summary>
    public long Displaced { get; private set; }

    /// <summary>One more than the highest item index seen.</summary>
    public int ItemsEnd => _byItem.Count;

    /// <summary>Opens a session, which makes it the newest.</summary>
    /// <returns>The number to append to it by.</returns>
    public long Open()
    {
        var number = Opened++;
        if (number - First >= _options.SessionsMax)
        {
            ForgetFirst();
        }

        if (_sessions.Count < _options.SessionsMax)
        {
            _sessions.Add(default);
        }
        else
        {
            _sessions[SlotOf(number)] = default;
        }

        return number;
    }

    /// <summary>Adds a touch at the end of a session.</summary>
    /// <returns>Whether the session still took it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The item is negative, or there was no such session.</exception>
    public bool Append(long session, int item)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(session, Opened);
        if (session < First)
        {
            Late++;
            return false;
        }

        var kept = _sessions[SlotOf(session)];
        if (kept.Count == _options.TouchesMax)
        {
            Cut++;
            return false;
        }

        var isNew = !kept.Touches.Contains(item);
        _sessions[SlotOf(session)] = kept.With(item, isNew, _options.TouchesMax);
        if (isNew)
        {
            Displaced += EntryOf(item).Add(session) ? 1 : 0;
        }

        return true;
    }

    /// <summary>Opens a session and gives it all its touches.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An item is negative.</exception>
    public long Add(ReadOnlySpan<int> items)
    {
        var number = Open();
        foreach (var item in items)
        {
            Append(number, item);
        }

        return number;
    }

    /// <summary>The items of a session, oldest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not kept.</exception>
    public ReadOnlySpan<int> ItemsOf(long session) => Kept(session).Touches;

    /// <summary>Different items in a session.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not kept.</exception>
    public int DistinctOf(long session) => Kept(session).Distinct;

    /// <summary>Sessions that hold an item, up to the bound per item.</summary>
    public int SessionsWith(int item) => EntryOrNull(item)?.Count ?? 0;

    /// <summary>Everything in it, for a snapshot.</summary>
    public SessionIndexImage Image() => new(
        Opened, Cut, Late, [.. Enumerable.Range(0, Count).Select(offset => ImmutableArray.Create(ItemsOf(First + offset)))]);

    /// <summary>Hash of <see cref="Image"/>.</summary>
    public string Hash() => Image().Hash();

    internal RecentSessions? EntryOrNull(int item) => (uint)item < (uint)_byItem.Count ? _byItem[item] : null;

    internal int SlotOf(long session) => (int)((session - _base) % _options.SessionsMax);

    private Session Kept(long session)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(session, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(session, Opened);
        return _sessions[SlotOf(session)];
    }

    private RecentSessions EntryOf(int item)
    {
        while (_byItem.Count <= item)
        {
            _byItem.Add(null);
        }

        return _byItem[item] ??= new RecentSessions(_options.SessionsPerItem);
    }

    private void ForgetFirst()
    {
        foreach (var item in _sessions[SlotOf(First)].Touches)
        {
            if (_byItem[item] is { } entry)
            {
                entry.Forget(First);
                _byItem[item] = entry.Count == 0 ? null : entry;
            }
        }

        First++;
    }

    private readonly record struct Session(int[]? Items, int Count, int Distinct)
    {
        public ReadOnlySpan<int> Touches => Items.AsSpan(0, Count);

        public Session With(int item, bool isNew, int max)
        {
            var items = Items ?? new int[Math.Min(4, max)];
            if (Count == items.Length)
            {
                Array.Resize(ref items, Math.Min(max, 2 * Count));
            }

            items[Count] = item;
            return new Session(items, Count + 1, Distinct + (isNew ? 1 : 0));
        }
    }
}
