using System.Runtime.InteropServices;
using Akka.Actor;
using AptRl.Actors.Serialization;

namespace AptRl.Actors.Clustering;

/// <summary>A writer's side of the stream of its entries: who follows, and telling them.</summary>
/// <remarks>
/// At most once, in order of the entries: who misses one sees the gap at the next entry or <see cref="Standing"/> and reads the
/// journal. An entry is told when it is durable, never before. It is serialised once, however many follow, and beyond a bound
/// only its number is told.
/// </remarks>
public sealed class EntryTeller(string writer, ExtendedActorSystem system, int entryBytesMax)
{
    /// <summary>Nodes that may follow; a further one reads the journal whenever it hears how far the writer is.</summary>
    public const int FollowersMax = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly JournalSerializer _serializer = new(system);
    private readonly Dictionary<IActorRef, TimeSpan> _followers = [];

    /// <summary>Somebody follows; answered with how far the writer is.</summary>
    /// <param name="follower">Who.</param>
    /// <param name="entry">The newest durable entry.</param>
    public void Add(IActorRef follower, long entry)
    {
        var now = system.Scheduler.MonotonicClock;
        foreach (var gone in _followers.Where(pair => now - pair.Value > Patience).Select(pair => pair.Key).ToList())
        {
            _followers.Remove(gone);
        }

        if (_followers.Count < FollowersMax || _followers.ContainsKey(follower))
        {
            _followers[follower] = now;
        }

        follower.Tell(new Standing(writer, entry));
    }

    /// <summary>Tells a durable entry.</summary>
    public void Tell(long entry, object fact)
    {
        if (_followers.Count == 0)
        {
            return;
        }

        var bytes = _serializer.ToBinary(fact);
        var told = new EntryTold(
            writer, entry, _serializer.Manifest(fact), bytes.Length <= entryBytesMax ? ImmutableCollectionsMarshal.AsImmutableArray(bytes) : []);
        foreach (var follower in _followers.Keys)
        {
            follower.Tell(told);
        }
    }
}
