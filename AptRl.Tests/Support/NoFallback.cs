using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace AptRl.Tests.Support;

/// <summary>In the place of Akka's serializer of what has none: refuses what is ours, since all of that must have a wire form, and lets pass what is Akka's own.</summary>
/// <remarks>Some of Akka's messages within a system cannot be serialised at all, though none of them leaves it; they pass by reference.</remarks>
public sealed class NoFallback : Serializer
{
    public const string Hocon =
        """
        akka.actor {
          serialize-messages = on
          serializers.json = "AptRl.Tests.Support.NoFallback, AptRl.Tests"
          serialization-identifiers."AptRl.Tests.Support.NoFallback, AptRl.Tests" = 1
        }
        """;

    private static readonly ConcurrentDictionary<long, object> Passing = [];
    private static long _number;

    // The settings of the one that it stands for come too.
    public NoFallback(ExtendedActorSystem system, Config settings)
        : base(system)
        => _ = settings;

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        if (obj.GetType().Assembly.GetName().Name!.StartsWith("AptRl.", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{obj.GetType()} has no wire form");
        }

        var number = Interlocked.Increment(ref _number);
        Passing[number] = obj;
        return BitConverter.GetBytes(number);
    }

    public override object FromBinary(byte[] bytes, Type type)
        => Passing.TryRemove(BitConverter.ToInt64(bytes), out var passed) ? passed : throw new InvalidOperationException("it was read already");
}
