using Akka.Actor;
using Akka.Serialization;
using AptRl.Actors.Clustering;

namespace AptRl.Actors.Serialization;

/// <summary>Refuses to serialise what must not leave its node, where Akka would otherwise try by reflection.</summary>
public sealed class NoSerializer : Serializer
{
    /// <summary>The serializer's permanent number; nothing was ever written under it.</summary>
    public const int Number = 4713;

    /// <summary>Made by the actor system.</summary>
    public NoSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
        => throw new NotSupportedException($"{obj.GetType()} is {nameof(IWithinNode)}: it was sent to another node; give it a wire form in {nameof(MessageSerializer)} or keep it here");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException("nothing is written by this serializer");
}
