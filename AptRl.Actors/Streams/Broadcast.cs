using System.Collections.Concurrent;
using System.Threading.Channels;
using Akka;
using Akka.Streams.Dsl;
using AptRl.Actors.Telemetry;

namespace AptRl.Actors.Streams;

/// <summary>Tells everything of one kind that happens on this node to whoever listens.</summary>
/// <remarks>
/// Each listener has a bounded buffer of its own; when it is full the oldest in it is dropped and counted. So a slow
/// listener misses some and stalls nobody.
/// </remarks>
public sealed class Broadcast<T>
    where T : notnull
{
    private readonly ConcurrentDictionary<Channel<T>, byte> _listeners = [];

    /// <summary>Whether anybody listens: what nobody hears need not be made.</summary>
    public bool IsHeard => !_listeners.IsEmpty;

    /// <summary>Tells it. Never blocks.</summary>
    public void Tell(T told)
    {
        foreach (var (listener, _) in _listeners)
        {
            listener.Writer.TryWrite(told);
        }
    }

    /// <summary>All that is told from the moment that this is materialised, until the consumer cancels.</summary>
    /// <param name="buffer">How many a consumer may be behind; at least 1.</param>
    public Source<T, NotUsed> Listen(int buffer)
        => Source.UnfoldResourceAsync(
            () => Task.FromResult(Attach(buffer)),
            async channel => await channel.Reader.WaitToReadAsync().ConfigureAwait(false) && channel.Reader.TryRead(out var told)
                ? Akka.Util.Option<T>.Create(told)
                : Akka.Util.Option<T>.None,
            channel =>
            {
                _listeners.TryRemove(channel, out _);
                channel.Writer.TryComplete();
                return Task.FromResult(Done.Instance);
            });

    private Channel<T> Attach(int buffer)
    {
        var channel = Channel.CreateBounded<T>(
            new BoundedChannelOptions(buffer) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            static _ => Meters.Missed(1));
        _listeners[channel] = 0;
        return channel;
    }
}
