using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AptRl.Model.Events;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Learning;

/// <summary>The shop's sessions as a learner remembers them, asked what comes next in sessions like a user's window.</summary>
/// <remarks>
/// Touches wait until <see cref="Publish"/>, which takes them in order of time, session, lesson and place: between two
/// publications the order in which they came does not matter. A session is remembered from its second touch on; one touch
/// says nothing of what comes next.
/// One thread writes, any number ask. An answer is of one publication as a whole: each reader has a lock of its own with
/// its scratch, and the writer takes them all, so readers never wait for each other.
/// Bounds: <see cref="LearnerOptions"/>. Over its bound of items it is made anew without those whose last session is oldest.
/// </remarks>
public sealed class LiveSessions
{
    /// <summary>Items in an answer.</summary>
    public const int ScoresMax = 256;

    private readonly LearnerOptions _options;
    private readonly SessionIndexOptions _indexOptions;
    private readonly CoVisitationOptions _coVisitOptions;
    private readonly List<Waiting> _waiting = [];
    private readonly Dictionary<long, OpenSession> _open = [];
    private readonly Reader[] _readers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Reader())];
    private DateTimeOffset _newestAt = DateTimeOffset.MinValue;
    private SessionMemory _memory;
    private List<ItemId> _items = [];
    private Dictionary<ItemId, int> _numbers = [];

    /// <summary>Nothing remembered yet.</summary>
    public LiveSessions(LearnerOptions options)
    {
        _options = options;
        _indexOptions = new SessionIndexOptions { SessionsMax = options.SessionsMax, SessionsPerItem = options.SessionsPerItem };
        _coVisitOptions = new CoVisitationOptions { NeighboursMax = options.NeighboursMax };
        _memory = new SessionMemory(_indexOptions, _coVisitOptions);
    }

    /// <summary>Sessions as they were.</summary>
    public LiveSessions(LiveSessionsImage image, LearnerOptions options)
        : this(options)
    {
        (_newestAt, ItemsForgotten) = (image.NewestAt, image.ItemsForgotten);
        foreach (var session in image.Open)
        {
            _open[session.Session] = session;
        }

        Take(image.Items, image.Memory);
    }

    /// <summary>Items remembered.</summary>
    public int Items => _items.Count;

    /// <summary>Items dropped at the bound.</summary>
    public long ItemsForgotten { get; private set; }

    /// <summary>Sessions kept.</summary>
    public int Sessions => _memory.Sessions.Count;

    /// <summary>Sessions that may go on.</summary>
    public int Open => _open.Count;

    /// <summary>Whether a touch belongs to a session: one that turns away from an item does not.</summary>
    public static bool Takes(InteractionKind kind) => Popularity.WeightOf(kind) > 0;

    /// <summary>Takes a touch; it counts from the next publication on.</summary>
    /// <param name="lesson">Number of the lesson.</param>
    /// <param name="place">The touch's place in the lesson.</param>
    /// <param name="touch">The touch.</param>
    public void Add(long lesson, int place, TouchedItem touch)
    {
        if (Takes(touch.Kind) && (touch.Session is not null || touch.Previous is not null))
        {
            _waiting.Add(new Waiting(lesson, place, touch));
        }
    }

    /// <summary>Puts in force what was taken since the last time.</summary>
    public void Publish()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        _waiting.Sort();
        var before = _newestAt;
        WithoutReaders(() =>
        {
            _waiting.ForEach(Apply);
            Close(before);
        });
        _waiting.Clear();
        if (_items.Count > _options.ItemsMax)
        {
            ForgetItems();
        }
    }

    /// <summary>What comes next in sessions like a history. Safe for many threads, also while another publishes.</summary>
    /// <param name="history">Items touched, oldest first, by touches that <see cref="Takes"/> takes.</param>
    /// <param name="session">The session that the history is of, by its number in the lessons: it is no neighbour of its own. Null where there is none.</param>
    public NeighbourScores Ask(ReadOnlySpan<ItemId> history, long? session)
    {
        if (history.IsEmpty)
        {
            return NeighbourScores.None;
        }

        var reader = FreeReader();
        try
        {
            return reader.Ask(history, session, this);
        }
        finally
        {
            reader.Gate.Exit();
        }
    }

    /// <summary>Everything in force, for a snapshot.</summary>
    public LiveSessionsImage Image() => new([.. _items], ItemsForgotten, _newestAt, [.. _open.Values.OrderBy(open => open.Session)], _memory.Image());

    private void Apply(Waiting waiting)
    {
        var touch = waiting.Touch;
        if (touch.Session is not { } session)
        {
            // A lesson of before sessions were told knows the item before: a session of two.
            _memory.Add([NumberOf(touch.Previous!.Value), NumberOf(touch.Item)]);
            return;
        }

        _newestAt = Later(_newestAt, touch.At);
        if (!_open.TryGetValue(session, out var open))
        {
            _open[session] = new OpenSession(session, null, touch.Item, touch.At);
            return;
        }

        var number = open.Number ?? _memory.Add([NumberOf(open.Only!.Value)]);
        _memory.Append(number, NumberOf(touch.Item));
        _open[session] = new OpenSession(session, number, null, Later(open.LastAt, touch.At));
    }

    private int NumberOf(ItemId item)
    {
        if (!_numbers.TryGetValue(item, out var number))
        {
            _numbers[item] = number = _items.Count;
            _items.Add(item);
        }

        return number;
    }

    // Looks through them twice a span only, or where there are too many: most publications close none.
    private void Close(DateTimeOffset before)
    {
        var half = _options.SessionOpen.Ticks / 2;
        if (_newestAt.UtcTicks / half == before.UtcTicks / half && _open.Count <= _options.SessionsMax)
        {
            return;
        }

        foreach (var (session, open) in _open)
        {
            if (_newestAt - open.LastAt > _options.SessionOpen || open.Number < _memory.Sessions.First)
            {
                _open.Remove(session);
            }
        }

        if (_open.Count > _options.SessionsMax)
        {
            foreach (var open in _open.Values.OrderBy(open => open.LastAt).ThenBy(open => open.Session).Take(_open.Count - NineTenths(_options.SessionsMax)).ToList())
            {
                _open.Remove(open.Session);
            }
        }
    }

    // A tenth is dropped at once, so that it is rare. What takes the time is done beside the readers, not in their way.
    private void ForgetItems()
    {
        var kept = Enumerable.Range(0, _items.Count)
            .OrderByDescending(item => _memory.Sessions.NewestWith(item)).ThenBy(item => item)
            .Take(NineTenths(_options.ItemsMax)).Order().ToList();
        var numbers = new int[_items.Count];
        Array.Fill(numbers, -1);
        for (var number = 0; number < kept.Count; number++)
        {
            numbers[kept[number]] = number;
        }

        ItemsForgotten += _items.Count - kept.Count;
        Take([.. kept.Select(item => _items[item])], _memory.Image().Renumbered(numbers));
    }

    private void Take(ImmutableArray<ItemId> items, SessionMemoryImage image)
    {
        var memory = new SessionMemory(image, _indexOptions, _coVisitOptions);
        var numbers = new Dictionary<ItemId, int>(items.Length);
        foreach (var item in items)
        {
            numbers[item] = numbers.Count;
        }

        WithoutReaders(() => (_memory, _items, _numbers) = (memory, [.. items], numbers));
    }

    private void WithoutReaders(Action write)
    {
        var entered = 0;
        try
        {
            for (; entered < _readers.Length; entered++)
            {
                _readers[entered].Gate.Enter();
            }

            write();
        }
        finally
        {
            while (entered > 0)
            {
                _readers[--entered].Gate.Exit();
            }
        }
    }

    private Reader FreeReader()
    {
        foreach (var reader in _readers)
        {
            if (reader.Gate.TryEnter())
            {
                return reader;
            }
        }

        var own = _readers[Environment.CurrentManagedThreadId % _readers.Length];
        own.Gate.Enter();
        return own;
    }

    private static int NineTenths(int max) => (int)(max * 9L / 10);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private readonly record struct Waiting(long Lesson, int Place, TouchedItem Touch) : IComparable<Waiting>
    {
        // Those of one session differ in lesson or place. Those of lessons without a session may be alike in all: then it is one which comes first.
        public int CompareTo(Waiting other)
        {
            var order = Touch.At.UtcTicks.CompareTo(other.Touch.At.UtcTicks);
            order = order != 0 ? order : Nullable.Compare(Touch.Session, other.Touch.Session);
            order = order != 0 ? order : Lesson.CompareTo(other.Lesson);
            order = order != 0 ? order : Place.CompareTo(other.Place);
            order = order != 0 ? order : Touch.Item.CompareTo(other.Touch.Item);
            return order != 0 ? order : Nullable.Compare(Touch.Previous, other.Touch.Previous);
        }
    }

    private sealed class Reader
    {
        private readonly List<int> _history = [];
        private SessionMemory? _memory;
        private SessionNeighbours? _neighbours;
        private ulong[] _keys = [];

        public Lock Gate { get; } = new();

        public NeighbourScores Ask(ReadOnlySpan<ItemId> history, long? session, LiveSessions sessions)
        {
            if (_neighbours is null || _memory != sessions._memory)
            {
                _memory = sessions._memory;
                _neighbours = new SessionNeighbours(_memory.Sessions, _memory.CoVisits, sessions._options.Neighbours);
            }

            _history.Clear();
            foreach (var item in history)
            {
                _history.Add(sessions._numbers.GetValueOrDefault(item, -1));
            }

            var own = session is { } open && sessions._open.TryGetValue(open, out var its) ? its.Number ?? -1 : -1;
            var found = _neighbours.Ask(CollectionsMarshal.AsSpan(_history), own);
            return found.IsEmpty ? NeighbourScores.None : Best(found, _neighbours, sessions._items);
        }

        // Bits of positive numbers order as the numbers do; below them the complement of the item, so that of equals the lower comes first.
        private NeighbourScores Best(ReadOnlySpan<int> found, SessionNeighbours neighbours, List<ItemId> items)
        {
            if (_keys.Length < found.Length)
            {
                _keys = new ulong[2 * found.Length];
            }

            var keys = _keys.AsSpan(0, found.Length);
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = ((ulong)BitConverter.SingleToUInt32Bits(neighbours[found[i]]) << 32) | ~(uint)found[i];
            }

            keys.Sort();
            var best = new KeyValuePair<ItemId, float>[Math.Min(ScoresMax, keys.Length)];
            for (var i = 0; i < best.Length; i++)
            {
                var item = (int)~(uint)keys[^(i + 1)];
                best[i] = KeyValuePair.Create(items[item], neighbours[item]);
            }

            return new NeighbourScores(best);
        }
    }
}
