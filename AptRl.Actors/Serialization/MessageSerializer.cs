using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Hosting;
using AptRl.Actors.Serialization.Wire;
using AptRl.Actors.Users;
using Google.Protobuf;

namespace AptRl.Actors.Serialization;

/// <summary>Turns the messages that nodes send each other into protobuf and back.</summary>
/// <remarks>
/// Manifests and the identifier are permanent: while nodes are restarted one by one, two versions of the program speak to each
/// other. What is not listed here is <see cref="IWithinNode"/> and leaves no node.
/// </remarks>
public sealed class MessageSerializer : SerializerWithStringManifest
{
    /// <summary>The serializer's permanent number.</summary>
    public const int Number = 4712;

    private static readonly Dictionary<string, (Type Type, Func<byte[], object> Read)> ByManifest = new(StringComparer.Ordinal)
    {
        ["Ob"] = (typeof(Observe), bytes => MessageWire.FromWire(ObserveMessage.Parser.ParseFrom(bytes))),
        ["Od"] = (typeof(Observed), bytes => MessageWire.FromWire(ObservedMessage.Parser.ParseFrom(bytes))),
        ["Re"] = (typeof(Recommend), bytes => MessageWire.FromWire(RecommendMessage.Parser.ParseFrom(bytes))),
        ["Rd"] = (typeof(Recommended), bytes => MessageWire.FromWire(RecommendedMessage.Parser.ParseFrom(bytes))),
        ["Do"] = (typeof(DecisionOf), bytes => MessageWire.FromWire(DecisionOfMessage.Parser.ParseFrom(bytes))),
        ["Fd"] = (typeof(FoundDecision), bytes => MessageWire.FromWire(FoundDecisionMessage.Parser.ParseFrom(bytes))),
        ["Uo"] = (typeof(UserOf), bytes => MessageWire.FromWire(UserOfMessage.Parser.ParseFrom(bytes))),
        ["Uv"] = (typeof(UserView), bytes => MessageWire.FromWire(UserViewMessage.Parser.ParseFrom(bytes))),
        ["De"] = (typeof(Delete), bytes => MessageWire.FromWire(DeleteMessage.Parser.ParseFrom(bytes))),
        ["Dd"] = (typeof(Deleted), bytes => new Deleted(DeletedMessage.Parser.ParseFrom(bytes).WasKnown)),
        ["Rt"] = (typeof(Retire), _ => Retire.Instance),
        ["Te"] = (typeof(Teach), bytes => MessageWire.FromWire(TeachMessage.Parser.ParseFrom(bytes))),
        ["Ta"] = (typeof(Taken), bytes => MessageWire.FromWire(TakenMessage.Parser.ParseFrom(bytes))),
        ["Fo"] = (typeof(Forget), bytes => MessageWire.FromWire(ForgetMessage.Parser.ParseFrom(bytes))),
        ["Fg"] = (typeof(Forgotten), bytes => MessageWire.FromWire(ForgottenMessage.Parser.ParseFrom(bytes))),
        ["Pu"] = (typeof(Publish), _ => Publish.Now),
        ["Pd"] = (typeof(Published), bytes => new Published(PublishedMessage.Parser.ParseFrom(bytes).Version)),
        ["Ls"] = (typeof(LearnerStatus), _ => LearnerStatus.Ask),
        ["Lv"] = (typeof(LearnerView), bytes => MessageWire.FromWire(LearnerViewMessage.Parser.ParseFrom(bytes))),
        ["Up"] = (typeof(Upsert), bytes => MessageWire.FromWire(UpsertMessage.Parser.ParseFrom(bytes))),
        ["Ud"] = (typeof(Upserted), bytes => new Upserted(UpsertedMessage.Parser.ParseFrom(bytes).Entry)),
        ["Cf"] = (typeof(CatalogueFull), _ => new CatalogueFull()),
        ["Cb"] = (typeof(CatalogueBusy), _ => new CatalogueBusy()),
        ["Fw"] = (typeof(Follow), bytes => new Follow(FollowMessage.Parser.ParseFrom(bytes).Writer)),
        ["St"] = (typeof(Standing), bytes => MessageWire.FromWire(StandingMessage.Parser.ParseFrom(bytes))),
        ["Et"] = (typeof(EntryTold), bytes => MessageWire.FromWire(EntryToldMessage.Parser.ParseFrom(bytes))),
        ["So"] = (typeof(ShopOf), _ => ShopOf.Ask),
        ["Sh"] = (typeof(Shop), bytes => MessageWire.FromWire(ShopMessage.Parser.ParseFrom(bytes))),
    };

    private static readonly Dictionary<Type, string> Manifests = ByManifest.ToDictionary(pair => pair.Value.Type, pair => pair.Key);

    /// <summary>Made by the actor system.</summary>
    public MessageSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <summary>The types that this serializer writes.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. Manifests.Keys];

    /// <inheritdoc/>
    public override string Manifest(object o)
        => Manifests.TryGetValue(o.GetType(), out var manifest) ? manifest : throw new ArgumentException($"{o.GetType()} is no message between nodes");

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => MessageWire.ToWire(obj).ToByteArray();

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
        => ByManifest.TryGetValue(manifest, out var known)
            ? known.Read(bytes)
            : throw new SerializationException($"message '{manifest}' is unknown: it comes from a newer version of AptRl; the cluster goes on, update this node");
}
