using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>A learner at rest: what a snapshot holds, in canonical order.</summary>
/// <param name="Version">Policies published.</param>
/// <param name="Decisions">Decisions learned from.</param>
/// <param name="Rewards">Rewards learned from.</param>
/// <param name="Lessons">Lessons taken.</param>
/// <param name="Forgotten">Lessons that came too late for their bucket.</param>
/// <param name="Buckets">Statistics by bucket of event time, oldest first.</param>
/// <param name="Exposures">Times shown and clicked, by item.</param>
/// <param name="Hours">Touches by hour and item, oldest first.</param>
/// <param name="Sessions">The shop's sessions.</param>
public sealed record LearnerImage(
    long Version,
    long Decisions,
    long Rewards,
    long Lessons,
    long Forgotten,
    ImmutableArray<(long Bucket, RidgeStatistics Statistics)> Buckets,
    ImmutableArray<(ItemId Item, long Shown, long Clicked)> Exposures,
    ImmutableArray<(long Hour, ImmutableArray<KeyValuePair<ItemId, int>> Touches)> Hours,
    LiveSessionsImage Sessions)
{
    /// <summary>The actor-critic; null where the scenario has none.</summary>
    public ActorCriticImage? ActorCritic { get; init; }

    /// <summary>The deep Q-network; null where the scenario has none.</summary>
    public DeepQImage? DeepQ { get; init; }

    /// <summary>How often items stood in the last slates; null where that is not counted. Not in the hash: it can be counted from any moment on.</summary>
    public ExposureImage? LastSlates { get; init; }

    /// <summary>Version of the encoder that the regression's rows are of; null where no encoder has ever taken over.</summary>
    public string? Encoder { get; init; }

    /// <summary>Lessons that came with features of another encoder: the regression has nothing of them.</summary>
    public long Foreign { get; init; }

    /// <summary>SHA-256 over all that decisions depend on, as 64 hexadecimal digits: equal learners, equal hashes, on every machine.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Version, Decisions, Rewards, Lessons, Buckets.Length, Exposures.Length, Hours.Length, Sessions.Items.Length, Sessions.Open.Length);
        foreach (var (bucket, statistics) in Buckets)
        {
            Append(hash, bucket, statistics.Rows);
            Append(hash, statistics.Gram);
            Append(hash, statistics.StoredRewards);
        }

        foreach (var (item, shown, clicked) in Exposures)
        {
            Append(hash, item);
            Append(hash, shown, clicked);
        }

        foreach (var (hour, touches) in Hours)
        {
            Append(hash, hour, touches.Length);
            foreach (var (item, weight) in touches)
            {
                Append(hash, item);
                Append(hash, weight);
            }
        }

        foreach (var item in Sessions.Items)
        {
            Append(hash, item);
        }

        foreach (var (session, number, only, lastAt) in Sessions.Open)
        {
            Append(hash, session, number ?? -1, lastAt.UtcTicks);
            if (only is { } item)
            {
                Append(hash, item);
            }
        }

        Append(hash, Sessions.NewestAt.UtcTicks);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(Sessions.Memory.Hash()));
        if (ActorCritic is { } learned)
        {
            foreach (var numbers in (ImmutableArray<double>[])[learned.Actor, learned.ActorSquares, learned.Critic, learned.CriticSquares])
            {
                Append(hash, [.. numbers.Select(BitConverter.DoubleToInt64Bits)]);
            }
        }

        if (DeepQ is { } network)
        {
            AppendNetwork(hash, network);
        }

        if (Encoder is { } encoder)
        {
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes(encoder));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendNetwork(IncrementalHash hash, DeepQImage network)
    {
        foreach (var numbers in (ImmutableArray<float>[])[network.Network, network.Judge, network.Means, network.Squares])
        {
            Append(hash, [.. numbers.Select(number => (long)BitConverter.SingleToInt32Bits(number))]);
        }

        Append(hash, network.Steps, network.Owed, network.Missed, network.Slates.Length);
        foreach (var slate in network.Slates)
        {
            Append(hash, slate.At.UtcTicks, slate.Items.Length);
            foreach (var item in slate.Items)
            {
                Append(hash, item.Item);
                hash.AppendData(item.Features.AsBytes());
                Append(hash, [.. item.Amounts.Select(amount => (long)amount)]);
                Append(hash, item.Following.Length);
                foreach (var features in item.Following)
                {
                    hash.AppendData(features.AsBytes());
                }
            }
        }
    }

    private static void Append(IncrementalHash hash, ItemId item)
    {
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(item.Value));
        hash.AppendData([0]);
    }

    private static void Append(IncrementalHash hash, params ReadOnlySpan<long> numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(numbers));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
