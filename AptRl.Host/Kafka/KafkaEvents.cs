using Akka;
using Akka.Streams.Dsl;
using Akka.Util;

namespace AptRl.Host.Kafka;

/// <summary>The topic of the events as a source.</summary>
internal static class KafkaEvents
{
    /// <summary>Messages of the partitions that this member of the group has; of each partition in its order.</summary>
    /// <remarks>Back-pressured: beyond <see cref="KafkaOptions.InFlightMax"/> messages the partitions are paused. Cancelled, it leaves the group.</remarks>
    public static Source<KafkaMessage, NotUsed> Source(Func<KafkaMember> member)
        => Akka.Streams.Dsl.Source.UnfoldResourceAsync(
            () => Task.FromResult(member()),
            async its => await its.ReadAsync() is { } message ? message : Option<KafkaMessage>.None,
            async its =>
            {
                await its.DisposeAsync();
                return Done.Instance;
            });
}
