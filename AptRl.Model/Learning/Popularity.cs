using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>How much each item is touched in the last hour, day and week of event time.</summary>
/// <remarks>
/// Whole hours are kept apart, so that what leaves a span can be taken off exactly. A view counts 1, a cart or wish 3, a
/// purchase 5. The counts depend on which touches came and on the newest time, not on their order. A touch more than
/// 168 hours older than the newest no longer counts.
/// </remarks>
public sealed class Popularity
{
    private const int DayHours = 24;
    private const int WeekHours = 168;

    private readonly SortedDictionary<long, Dictionary<ItemId, int>> _hours = [];
    private readonly ImmutableDictionary<ItemId, ItemCounts>.Builder _counts;
    private readonly Dictionary<ItemId, (int Week, int Day)> _touched = [];

    /// <summary>Counts into a table that others count other things into.</summary>
    public Popularity(ImmutableDictionary<ItemId, ItemCounts>.Builder counts) => _counts = counts;

    /// <summary>The hours kept, each with its touches by item.</summary>
    public IReadOnlyDictionary<long, Dictionary<ItemId, int>> Hours => _hours;

    /// <summary>The items touched in the last week, most first; equals by the last day, then by name.</summary>
    public ImmutableArray<ItemId> MostTouched(int count)
    {
        var best = new PriorityQueue<ItemId, (int Week, int Day, ItemId Item)>(
            Comparer<(int Week, int Day, ItemId Item)>.Create((a, b)
                => a.Week != b.Week ? a.Week.CompareTo(b.Week) : a.Day != b.Day ? a.Day.CompareTo(b.Day) : b.Item.CompareTo(a.Item)));
        foreach (var (item, (week, day)) in _touched)
        {
            if (best.Count < count)
            {
                best.Enqueue(item, (week, day, item));
            }
            else
            {
                best.EnqueueDequeue(item, (week, day, item));
            }
        }

        var most = new ItemId[best.Count];
        for (var i = most.Length - 1; i >= 0; i--)
        {
            most[i] = best.Dequeue();
        }

        return [.. most];
    }

    /// <summary>Puts back one hour of a snapshot; hours must come in order.</summary>
    public void Restore(long hour, IEnumerable<KeyValuePair<ItemId, int>> touches)
    {
        foreach (var (item, weight) in touches)
        {
            Add(hour, item, weight);
        }
    }

    /// <summary>Counts a touch.</summary>
    public void Add(TouchedItem touch)
    {
        var weight = WeightOf(touch.Kind);
        if (weight > 0)
        {
            Add(touch.At.UtcTicks / TimeSpan.TicksPerHour, touch.Item, weight);
        }
    }

    /// <summary>How much interest in an item a touch shows; 0 for one that turns away from it.</summary>
    internal static int WeightOf(InteractionKind kind) => kind switch
    {
        InteractionKind.ViewItem or InteractionKind.SelectItem or InteractionKind.Review => 1,
        InteractionKind.AddToCart or InteractionKind.AddToWishlist or InteractionKind.BeginCheckout => 3,
        InteractionKind.Purchase => 5,
        _ => 0,
    };

    private void Add(long hour, ItemId item, int weight)
    {
        var newest = _hours.Count == 0 ? hour : NewestHour;
        if (hour < newest - WeekHours)
        {
            return;
        }

        if (!_hours.TryGetValue(hour, out var touches))
        {
            _hours[hour] = touches = [];
            if (hour > newest)
            {
                Advance(newest, hour);
            }

            NewestHour = Math.Max(newest, hour);
        }

        touches[item] = touches.GetValueOrDefault(item) + weight;
        var age = NewestHour - hour;
        Change(item, age <= 1 ? weight : 0, age <= DayHours ? weight : 0, weight);
    }

    private long NewestHour { get; set; }

    // Takes off each span the hours that lie in it as seen from the old newest hour, and no longer from the new one.
    private void Advance(long from, long to)
    {
        foreach (var (hour, touches) in _hours.Where(pair => pair.Key <= from).ToList())
        {
            foreach (var (item, weight) in touches)
            {
                Change(
                    item, -Leaving(hour, from, to, 1, weight), -Leaving(hour, from, to, DayHours, weight), -Leaving(hour, from, to, WeekHours, weight));
            }

            if (hour < to - WeekHours)
            {
                _hours.Remove(hour);
            }
        }
    }

    private static int Leaving(long hour, long from, long to, int span, int weight)
        => hour >= from - span && hour < to - span ? weight : 0;

    private void Change(ItemId item, int hour, int day, int week)
    {
        var before = _counts.GetValueOrDefault(item);
        var counts = before with { Hour = before.Hour + hour, Day = before.Day + day, Week = before.Week + week };
        if (counts == default)
        {
            _counts.Remove(item);
        }
        else
        {
            _counts[item] = counts;
        }

        if (counts.Week == 0)
        {
            _touched.Remove(item);
        }
        else
        {
            _touched[item] = (counts.Week, counts.Day);
        }
    }
}
