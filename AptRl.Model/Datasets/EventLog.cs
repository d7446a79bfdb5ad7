using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>A log of touches in the order in which they happened, all users mixed: what an online learner lives through.</summary>
/// <remarks>Items and users are numbered by first touch, so the items met up to a moment are those below a number.</remarks>
public sealed class EventLog
{
    private EventLog(string name, ImmutableArray<ItemId> items, ImmutableArray<UserTouch> touches, int users)
        => (Name, Items, Touches, Users) = (name, items, touches, users);

    /// <summary>The data set's name.</summary>
    public string Name { get; }

    /// <summary>Every item, in the order of first touch.</summary>
    public ImmutableArray<ItemId> Items { get; }

    /// <summary>Every touch, oldest first; those of one second keep the log's order.</summary>
    public ImmutableArray<UserTouch> Touches { get; }

    /// <summary>How many users there are.</summary>
    public int Users { get; }

    /// <summary>Takes touches in any order.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="log">Who touched what, how and when, in seconds since 1970.</param>
    public static EventLog From(string name, IEnumerable<(UserId User, ItemId Item, byte Kind, long Seconds)> log)
    {
        var (items, users) = (new ItemNumbers(), new Dictionary<UserId, int>());
        var indexed = new List<(int User, IndexedTouch Touch)>();
        foreach (var (user, item, kind, seconds) in log.OrderBy(touch => touch.Seconds))
        {
            if (!users.TryGetValue(user, out var number))
            {
                users.Add(user, number = users.Count);
            }

            indexed.Add((number, new IndexedTouch(items.Learn(item), kind, seconds)));
        }

        var histories = indexed.GroupBy(touch => touch.User).ToDictionary(own => own.Key, own => own.Select(touch => touch.Touch).ToArray());
        var told = new int[users.Count];
        return new EventLog(
            name, items.ToCatalogue(), [.. indexed.Select(touch => new UserTouch(touch.User, touch.Touch, histories[touch.User].AsMemory(0, told[touch.User]++)))], users.Count);
    }

    /// <summary>The oldest touches as a training part: its catalogue is what was met in them.</summary>
    public TrainingPart First(int count)
    {
        var sequences = Touches.Take(count).GroupBy(touch => touch.User).Select(own => own.Select(touch => touch.Touch).ToArray());
        return new TrainingPart(
            Items[..ItemsMet(count)], [.. sequences.OrderBy(touches => touches[^1].Seconds)], HoldOutRule.NewestTouches);
    }

    /// <summary>How many items the oldest touches meet.</summary>
    public int ItemsMet(int count) => count == 0 ? 0 : Touches.Take(count).Max(touch => touch.Touch.Item) + 1;
}
