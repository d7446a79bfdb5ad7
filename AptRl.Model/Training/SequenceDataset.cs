using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using AptRl.Model.Datasets;
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

    private SequenceDataset(TrainingPart part, string hash, string? source)
    {
        (Part, Hash, Source) = (part, hash, source);
        Touches = part.Sequences.Sum(touches => touches.Length);
    }

    /// <summary>The sequences, and how validation is cut from them.</summary>
    public TrainingPart Part { get; }

    /// <summary>Every item that was touched, in order of first sight.</summary>
    public ImmutableArray<ItemId> Items => Part.Items;

    /// <summary>Users, or sessions, with at least one touch.</summary>
    public int UserCount => Part.Sequences.Count;

    /// <summary>Touches kept.</summary>
    public int Touches { get; }

    /// <summary>Same touches, same hash, in whatever order they came: 16 hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Where it came from, for the card; null where nobody said.</summary>
    public string? Source { get; }

    /// <summary>Takes what was read from a folder.</summary>
    /// <param name="part">What was read.</param>
    /// <param name="source">Its name, for the card.</param>
    public static SequenceDataset From(TrainingPart part, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(part);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var touches in part.Sequences)
        {
            Append(hash, touches, part.Items);
        }

        return new SequenceDataset(part, Finish(hash), source);
    }

    /// <summary>Reads a log, in any order, once.</summary>
    /// <param name="log">What happened.</param>
    /// <param name="source">Its name, for the card.</param>
    /// <exception cref="InvalidDataException">It has more touches than fit.</exception>
    public static SequenceDataset From(IEnumerable<Interaction> log, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        var items = new Dictionary<ItemId, int>();
        var users = new Dictionary<UserId, List<IndexedTouch>>();
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
                touches.Add(new IndexedTouch(items[item], (byte)interaction.Kind, seconds));
            }

            if (interaction.Items.IsEmpty)
            {
                touches.Add(new IndexedTouch(IndexedTouch.NoItem, (byte)interaction.Kind, seconds));
            }

            Trim(touches, TouchesPerUserMax * 2);
            kept += touches.Count;
            if (kept > TouchesMax)
            {
                throw new InvalidDataException(
                    $"the log has more than {TouchesMax:N0} touches: train on its newest part, or on every tenth user");
            }
        }

        ImmutableArray<ItemId> names = [.. items.Keys];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sequences = new List<IndexedTouch[]>();
        foreach (var (user, touches) in users.OrderBy(user => user.Key.Value, StringComparer.Ordinal))
        {
            sequences.Add(Sorted(touches, names));
            hash.AppendData(MemoryMarshal.AsBytes(user.Value.AsSpan()));
            Append(hash, sequences[^1], names);
        }

        return new SequenceDataset(
            new TrainingPart(names, [.. sequences.OrderBy(touches => touches[^1].Seconds)], HoldOutRule.NewestTouches), Finish(hash), source);
    }

    /// <summary>The newest share of the sequences, at least one of them: another data set, with a hash of its own.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public SequenceDataset Newest(double share)
    {
        if (share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "a share of the sequences is above 0 and up to 1");
        }

        return share == 1 ? this : From(Part.Newest(share), string.Create(CultureInfo.InvariantCulture, $"{Source ?? "a log"}, newest {share}"));
    }

    private static void Trim(List<IndexedTouch> touches, int above)
    {
        if (touches.Count > above)
        {
            IndexedTouch[] newest = [.. touches.OrderBy(touch => touch.Seconds).TakeLast(TouchesPerUserMax)];
            touches.Clear();
            touches.AddRange(newest);
        }
    }

    // By name and kind where the time is the same, so that the order of lines in the log does not matter.
    private static IndexedTouch[] Sorted(List<IndexedTouch> touches, ImmutableArray<ItemId> names)
    {
        touches.Sort((left, right) => (left.Seconds.CompareTo(right.Seconds), left.Kind.CompareTo(right.Kind)) switch
        {
            (0, 0) => string.CompareOrdinal(NameOf(left, names), NameOf(right, names)),
            (0, var kind) => kind,
            var (time, _) => time,
        });
        return [.. touches.TakeLast(TouchesPerUserMax)];
    }

    private static void Append(IncrementalHash hash, IndexedTouch[] touches, ImmutableArray<ItemId> names)
    {
        foreach (var touch in touches)
        {
            hash.AppendData(MemoryMarshal.AsBytes(NameOf(touch, names).AsSpan()));
            hash.AppendData(BitConverter.GetBytes(touch.Seconds));
            hash.AppendData([touch.Kind]);
        }
    }

    private static string Finish(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));

    private static string NameOf(IndexedTouch touch, ImmutableArray<ItemId> names)
        => touch.Item == IndexedTouch.NoItem ? "" : names[touch.Item].Value;
}
