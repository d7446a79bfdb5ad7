using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>One item of a remembered slate.</summary>
/// <param name="Item">Which.</param>
/// <param name="Features">What the policy saw.</param>
/// <param name="Amounts">What it earned, by <see cref="RewardType"/>, in units of 1/<see cref="FeatureVector.One"/>; empty for nothing.</param>
/// <param name="Following">The slate that the session was shown next; empty where none followed or it was not told.</param>
public sealed record RememberedItem(ItemId Item, FeatureVector Features, ImmutableArray<int> Amounts, ImmutableArray<FeatureVector> Following)
{
    /// <summary>What of a type it earned, in units of 1/<see cref="FeatureVector.One"/>.</summary>
    public int AmountOf(RewardType type) => (int)type < Amounts.Length ? Amounts[(int)type] : 0;

    internal RememberedItem With(RewardType type, int amount)
    {
        var amounts = new int[Math.Max(Amounts.Length, (int)type + 1)];
        Amounts.CopyTo(amounts);
        amounts[(int)type] += amount;
        return this with { Amounts = [.. amounts] };
    }
}

/// <summary>A slate that was shown.</summary>
/// <param name="At">Event time of the decision.</param>
/// <param name="Items">What was shown, first position first.</param>
public sealed record RememberedSlate(DateTimeOffset At, ImmutableArray<RememberedItem> Items);

/// <summary>The last slates that were shown with what came of them: experience to learn from again (Lin 1992).</summary>
/// <remarks>
/// Bounded: beyond <c>capacity</c> slates the one that came longest ago is forgotten, and a reward that comes later than that is
/// counted in <see cref="Missed"/> and lost. Lessons wait for <see cref="Close"/> and are taken there in an order of their own, so
/// that the order in which they came between two publications changes nothing.
/// </remarks>
public sealed class SlateMemory
{
    private readonly int _capacity;
    private readonly LinkedList<RememberedSlate> _slates = new();
    private readonly Dictionary<(long At, ItemId Item, ulong Features), (LinkedListNode<RememberedSlate> Node, int Place)> _places = [];
    private readonly List<Lesson> _waiting = [];
    private RememberedSlate[]? _all;

    /// <summary>A memory of these slates, oldest first.</summary>
    public SlateMemory(int capacity, IEnumerable<RememberedSlate> slates, long missed)
    {
        (_capacity, Missed) = (capacity, missed);
        foreach (var slate in slates)
        {
            Remember(slate);
        }
    }

    /// <summary>Rewards that came when their slate was forgotten.</summary>
    public long Missed { get; private set; }

    /// <summary>The slates, oldest first.</summary>
    public IReadOnlyList<RememberedSlate> Slates => _all ??= [.. _slates];

    /// <summary>Keeps a lesson until the memory is closed.</summary>
    public void Add(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        if (!lesson.Shown.IsEmpty || !lesson.Rewarded.IsEmpty)
        {
            _waiting.Add(lesson);
        }
    }

    /// <summary>Takes what waits: slates first, then what they earned.</summary>
    /// <returns>Items shown that are new.</returns>
    public int Close()
    {
        if (_waiting.Count == 0)
        {
            return 0;
        }

        // Equal keys are lessons about equal rows of equal items: which of them comes first makes no difference.
        var lessons = _waiting.Select(lesson => (Lesson: lesson, Key: KeyOf(lesson)))
            .OrderBy(entry => entry.Lesson.At).ThenBy(entry => entry.Key).ThenBy(entry => entry.Lesson.Number).Select(entry => entry.Lesson).ToArray();
        _waiting.Clear();
        _all = null;
        var shown = 0;
        foreach (var lesson in lessons.Where(lesson => !lesson.Shown.IsEmpty))
        {
            Remember(new RememberedSlate(lesson.At, [.. lesson.Shown.Select(item => new RememberedItem(item.Item, item.Features, [], []))]));
            shown += lesson.Shown.Length;
        }

        foreach (var lesson in lessons)
        {
            foreach (var rewarded in lesson.Rewarded)
            {
                Earn(lesson, rewarded);
            }
        }

        return shown;
    }

    private static ulong KeyOf(Lesson lesson)
    {
        var hash = new XxHash3();
        foreach (var (item, features) in lesson.Shown.Select(shown => (shown.Item, shown.Features)).Concat(lesson.Rewarded.Select(rewarded => (rewarded.Item, rewarded.Features))))
        {
            hash.Append(MemoryMarshal.AsBytes(item.Value.AsSpan()));
            hash.Append(features.AsBytes());
        }

        return hash.GetCurrentHashAsUInt64();
    }

    private static (long, ItemId, ulong) KeyOf(DateTimeOffset at, ItemId item, FeatureVector features)
        => (at.UtcTicks, item, XxHash3.HashToUInt64(features.AsBytes()));

    private void Remember(RememberedSlate slate)
    {
        var node = _slates.AddLast(slate);
        for (var place = 0; place < slate.Items.Length; place++)
        {
            _places.TryAdd(KeyOf(slate.At, slate.Items[place].Item, slate.Items[place].Features), (node, place));
        }

        if (_slates.Count > _capacity)
        {
            var oldest = _slates.First!;
            foreach (var item in oldest.Value.Items)
            {
                var key = KeyOf(oldest.Value.At, item.Item, item.Features);
                if (_places.TryGetValue(key, out var found) && found.Node == oldest)
                {
                    _places.Remove(key);
                }
            }

            _slates.RemoveFirst();
        }
    }

    private void Earn(Lesson lesson, RewardedItem rewarded)
    {
        if (!_places.TryGetValue(KeyOf(lesson.At, rewarded.Item, rewarded.Features), out var found))
        {
            Missed++;
            return;
        }

        var slate = found.Node.Value;
        var item = slate.Items[found.Place].With(rewarded.Type, rewarded.Amount);
        if (rewarded.Type is RewardType.Next && !lesson.Following.IsEmpty)
        {
            item = item with { Following = [.. lesson.Following.Select(shown => shown.Features)] };
        }

        found.Node.Value = slate with { Items = slate.Items.SetItem(found.Place, item) };
    }
}
