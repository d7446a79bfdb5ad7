using System.Collections.Concurrent;
using System.Threading.Channels;
using Akka;
using Akka.Streams.Dsl;
using AptRl.Actors.Telemetry;
using AptRl.Model.Events;

namespace AptRl.Actors.Streams;

/// <summary>Tells every decision of this node to whoever listens.</summary>
/// <remarks>
/// Each listener has a bounded buffer of its own; when it is full the oldest decision in it is dropped and counted. So a
/// slow listener misses decisions and stalls nobody.
/// </remarks>
public sealed class DecisionBroadcast
{
    private readonly ConcurrentDictionary<Channel<Decision>, byte> _listeners = [];

    /// <summary>Tells a decision. Never blocks.</summary>
    public void Tell(Decision decision)
    {
        foreach (var (listener, _) in _listeners)
        {
            listener.Writer.TryWrite(decision);
        }
    }

    /// <summary>Decisions from the moment that this is materialised, until the consumer cancels.</summary>
    /// <param name="buffer">Decisions that a consumer may be behind; at least 1.</param>
    public Source<Decision, NotUsed> Listen(int buffer)
        => Source.UnfoldResourceAsync(
            () => Task.FromResult(Attach(buffer)),
            async channel => await channel.Reader.WaitToReadAsync().ConfigureAwait(false) && channel.Reader.TryRead(out var decision)
                ? Akka.Util.Option<Decision>.Create(decision)
                : Akka.Util.Option<Decision>.None,
            channel =>
            {
                _listeners.TryRemove(channel, out _);
                channel.Writer.TryComplete();
                return Task.FromResult(Done.Instance);
            });

    private Channel<Decision> Attach(int buffer)
    {
        var channel = Channel.CreateBounded<Decision>(
            new BoundedChannelOptions(buffer) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            static _ => Meters.Missed(1));
        _listeners[channel] = 0;
        return channel;
    }
}
