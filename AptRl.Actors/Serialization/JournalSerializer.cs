using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using AptRl.Actors.Agents;
using AptRl.Actors.Serialization.Wire;
using AptRl.Model.Windows;
using Google.Protobuf;

namespace AptRl.Actors.Serialization;

/// <summary>Turns the facts of the journals and the snapshots into protobuf and back.</summary>
/// <remarks>Manifests and the identifier are permanent: journals written by any version must be read by every later one.</remarks>
public sealed class JournalSerializer : SerializerWithStringManifest
{
    /// <summary>The serializer's permanent number.</summary>
    public const int Number = 4711;

    private const string Accepted = "IA";
    private const string Made = "DM";
    private const string Settled = "LS";
    private const string Timeline = "UT";
    private const string Learned = "LL";
    private const string LearnerAtRest = "LR";
    private const string Upserted = "IU";
    private const string CatalogueAtRest = "CA";
    private const string TookOver = "EO";

    /// <summary>Made by the actor system.</summary>
    public JournalSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <summary>The types that this serializer writes.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(InteractionAccepted), typeof(DecisionMade), typeof(LessonsSettled), typeof(UserTimelineImage),
        typeof(LessonsLearned), typeof(LearnerSnapshot), typeof(ItemsUpserted), typeof(CatalogueSnapshot),
        typeof(EncoderTookOver),
    ];

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        InteractionAccepted => Accepted,
        DecisionMade => Made,
        LessonsSettled => Settled,
        UserTimelineImage => Timeline,
        LessonsLearned => Learned,
        LearnerSnapshot => LearnerAtRest,
        ItemsUpserted => Upserted,
        CatalogueSnapshot => CatalogueAtRest,
        EncoderTookOver => TookOver,
        _ => throw new ArgumentException($"{o.GetType()} is no fact of a journal"),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => (obj switch
    {
        InteractionAccepted accepted => (IMessage)UserWire.ToWire(accepted),
        DecisionMade made => new DecisionMadeMessage { Decision = UserWire.ToWire(made.Decision) },
        LessonsSettled settled => new LessonsSettledMessage { Scenario = settled.Scenario.Value, Through = settled.Through },
        UserTimelineImage image => UserWire.ToWire(image),
        LessonsLearned learned => LearnerWire.ToWire(learned),
        LearnerSnapshot snapshot => LearnerWire.ToWire(snapshot),
        ItemsUpserted upserted => LearnerWire.ToWire(upserted.Items),
        CatalogueSnapshot snapshot => LearnerWire.ToWire(snapshot.Items),
        EncoderTookOver took => LearnerWire.ToWire(took),
        _ => throw new ArgumentException($"{obj.GetType()} is no fact of a journal"),
    }).ToByteArray();

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        Accepted => UserWire.FromWire(InteractionAcceptedMessage.Parser.ParseFrom(bytes)),
        Made => new DecisionMade(UserWire.FromWire(DecisionMadeMessage.Parser.ParseFrom(bytes).Decision)),
        Settled => UserWire.FromWire(LessonsSettledMessage.Parser.ParseFrom(bytes)),
        Timeline => UserWire.FromWire(UserTimelineMessage.Parser.ParseFrom(bytes)),
        Learned => LearnerWire.FromWire(LessonsLearnedMessage.Parser.ParseFrom(bytes)),
        LearnerAtRest => LearnerWire.FromWire(LearnerMessage.Parser.ParseFrom(bytes)),
        Upserted => new ItemsUpserted(LearnerWire.FromWire(ItemsUpsertedMessage.Parser.ParseFrom(bytes))),
        CatalogueAtRest => new CatalogueSnapshot(LearnerWire.FromWire(ItemsUpsertedMessage.Parser.ParseFrom(bytes))),
        TookOver => LearnerWire.FromWire(EncoderTookOverMessage.Parser.ParseFrom(bytes)),
        _ => throw new SerializationException($"manifest '{manifest}' is unknown: the journal was written by a newer version of AptRl; start that one"),
    };
}
