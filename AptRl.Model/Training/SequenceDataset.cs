using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Model.Training;

/// <summary>A log as training reads it: each user's touches in the order of their time.</summary>
/// <remarks>
/// Memory is bounded: 16 bytes a touch and one name an item and a user; of a user's touches the newest
/// <see cref="TouchesPerUserMax"/> are kept, and a log of more than <see cref="TouchesMax"/> kept touches is refused.
/// Impressions enter no window, so they are left out here too.
/// </remarks>
public sealed class SequenceDataset
{
    /// <summary>Touches kept of one user, the newest; older ones say little and a robot has millions.</summary>
    public const int TouchesPerUserMax = 1_000;

    /// <summary>Touches in all: about 500 MB.</summary>
    public const int TouchesMax = 30_000_000;

    private SequenceDataset(ImmutableArray<ItemId> items, Moment[][] users, string hash)
    {
        (Items, Users, Hash) = (items, users, hash);
        Touches = users.Sum(user => user.Length);
    }

    /// <summary>Every item that was touched, in order of first sight.</summary>
    public ImmutableArray<ItemId> Items { get; }

    /// <summary>Users with at least one touch.</summary>
    public int UserCount => Users.Length;

    /// <summary>Touches kept.</summary>
    public int Touches { get; }

    /// <summary>Same touches, same hash, in whatever order they came: 16 hexadecimal digits.</summary>
    public string Hash { get; }

    internal Moment[][] Users { get; }

    /// <summary>Reads a log, in any order, once.</summary>
    /// <exception cref="InvalidDataException">It has more touches than fit.</exception>
    public static SequenceDataset From(IEnumerable<Interaction> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var items = new Dictionary<ItemId, int>();
        var users = new Dictionary<UserId, List<Moment>>();
        var kept = 0L;
        foreach (var interaction in log.Where(interaction => InteractionWindow.Takes(interaction.Kind)))
        {
            if (!users.TryGetValue(interaction.User, out var touches))
            {
                users.Add(interaction.User, touches = []);
            }

            kept -= touches.Count;
            var seconds = interaction.At.ToUnixTimeSeconds();
            foreach (var item in interaction.Items)
            {
                items.TryAdd(item, items.Count);
                touches.Add(new Moment(items[item], (byte)interaction.Kind, seconds));
            }

            if (interaction.Items.IsEmpty)
            {
                touches.Add(new Moment(Moment.NoItem, (byte)interaction.Kind, seconds));
            }

            Trim(touches, TouchesPerUserMax * 2);
            kept += touches.Count;
            if (kept > TouchesMax)
            {
                throw new InvalidDataException(
                    $"the log has more than {TouchesMax:N0} touches: train on its newest part, or on every tenth user");
            }
        }

        ItemId[] names = [.. items.Keys];
        KeyValuePair<UserId, List<Moment>>[] ordered = [.. users.OrderBy(user => user.Key.Value, StringComparer.Ordinal)];
        return new SequenceDataset(
            [.. names],
            [.. ordered.Select(user => Sorted(user.Value, names))],
            HashOf(ordered, names));
    }

    private static void Trim(List<Moment> touches, int above)
    {
        if (touches.Count > above)
        {
            Moment[] newest = [.. touches.OrderBy(touch => touch.Seconds).TakeLast(TouchesPerUserMax)];
            touches.Clear();
            touches.AddRange(newest);
        }
    }

    // By name and kind where the time is the same, so that the order of lines in the log does not matter.
    private static Moment[] Sorted(List<Moment> touches, ItemId[] names)
    {
        touches.Sort((left, right) => (left.Seconds.CompareTo(right.Seconds), left.Kind.CompareTo(right.Kind)) switch
        {
            (0, 0) => string.CompareOrdinal(NameOf(left, names), NameOf(right, names)),
            (0, var kind) => kind,
            var (time, _) => time,
        });
        return [.. touches.TakeLast(TouchesPerUserMax)];
    }

    private static string HashOf(KeyValuePair<UserId, List<Moment>>[] users, ItemId[] names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (user, touches) in users)
        {
            hash.AppendData(MemoryMarshal.AsBytes(user.Value.AsSpan()));
            foreach (var touch in touches)
            {
                hash.AppendData(MemoryMarshal.AsBytes(NameOf(touch, names).AsSpan()));
                hash.AppendData(BitConverter.GetBytes(touch.Seconds));
                hash.AppendData([touch.Kind]);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static string NameOf(Moment touch, ItemId[] names) => touch.Item == Moment.NoItem ? "" : names[touch.Item].Value;

    /// <summary>One touch: index into <see cref="Items"/> or <see cref="NoItem"/>, kind, seconds since 1970.</summary>
    internal readonly record struct Moment(int Item, byte Kind, long Seconds)
    {
        internal const int NoItem = -1;
    }
}
