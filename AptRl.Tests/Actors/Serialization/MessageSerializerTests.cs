using System.Reflection;
using System.Runtime.Serialization;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Encoding;
using AptRl.Actors.Hosting;
using AptRl.Actors.Serialization;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Serialization;

public sealed class MessageSerializerTests : Akka.TestKit.Xunit.TestKit
{
    private static readonly Decision Decided = Sample.Decided(1, "request", "a") with { SeenThrough = Sample.Noon, PolicyAge = TimeSpan.FromMilliseconds(125) };

    private static readonly Touch Touched = new(new EventId("e"), Sample.Item("a"), InteractionKind.ViewItem, Sample.Noon);

    // No value in them is a default, so that one which is not written is noticed; what may be null is in the second of a kind.
    private static readonly object[] Examples =
    [
        new Observe(Sample.At(1, "e", "a,b", InteractionKind.Purchase, Decided.Id.Value, "session")) { Trace = "trace" },
        new Observed(new EventId("e"), ObserveStatus.Late, 2),
        new Observed(new EventId("e"), ObserveStatus.Rejected, 0, "code", "reason"),
        new Recommend(new RecommendRequest(Sample.Ann, Sample.Home, "request", Sample.Noon, 3, [Sample.Item("a")], [Sample.Item("b")], "shoes")) { Trace = "trace" },
        new Recommend(new RecommendRequest(Sample.Ann, Sample.Home, "request", Sample.Noon, 3, [], [])),
        new Recommended(Decided),
        new Recommended(null, Refusal.Busy, "ask again"),
        new DecisionOf(Decided.Id),
        new FoundDecision(new DecisionView(Decided, [new EarnedReward(1, RewardType.Purchase, new EventId("e"), -1)])),
        new FoundDecision(null),
        new UserOf(Sample.Ann),
        new UserView(Sample.Ann, [Touched], 1, 2, 3, 4, 5, [Decided.Id], "hash"),
        new Delete(Sample.Ann),
        new Delete(Sample.Ann, 7),
        new Deleted(true),
        Retire.Instance,
        new Teach(Sample.Ann, 6, [Sample.Rewarded(7, 1, "a", Sample.Features((0, 1)))]) { Trace = "trace" },
        new Taken(Sample.Home, 7),
        new Forget(Sample.Ann, 7),
        new Forgotten(Sample.Home),
        Publish.Now,
        new Published(8),
        LearnerStatus.Ask,
        new LearnerView(1, 2, 3, 4, 5, "hash", "encoder"),
        new LearnerView(1, 2, 3, 4, 5, "hash", null),
        new Upsert([new Item(Sample.Item("a"), true, ["shoes"], 9.5)]) { Trace = "trace" },
        new Upserted(9),
        new CatalogueFull(),
        new CatalogueBusy(),
        new Follow("learner-home"),
        new Standing("learner-home", 10),
        new EntryTold("learner-home", 11, "LL", [1, 2, 3]),
        new EntryTold("learner-home", 12, "LL", []),
        ShopOf.Ask,
        new Shop("encoder", "scenarios", true),
    ];

    private readonly MessageSerializer _serializer;

    public MessageSerializerTests() => _serializer = new MessageSerializer((ExtendedActorSystem)Sys);

    [Fact]
    public void Every_message_comes_back_with_every_value_it_had()
    {
        Assert.Equal(MessageSerializer.Types.Select(type => type.Name).Order(), Examples.Select(example => example.GetType().Name).Distinct().Order());
        Assert.All(Examples, example => Assert.Equal(
            EveryValue.Of(example), EveryValue.Of(_serializer.FromBinary(_serializer.ToBinary(example), _serializer.Manifest(example)))));
    }

    [Fact]
    public void The_bytes_of_every_message_are_as_approved()
        => ApprovedFile.Check("message-bytes.txt", string.Concat(Examples.Select(
            example => $"{_serializer.Identifier} {_serializer.Manifest(example)} {Convert.ToHexStringLower(_serializer.ToBinary(example))}\n")));

    [Fact]
    public void An_unknown_message_says_what_to_do()
    {
        var fault = Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "ZZ"));
        Assert.Equal("message 'ZZ' is unknown: it comes from a newer version of AptRl; the cluster goes on, update this node", fault.Message);
    }

    [Fact]
    public void What_has_no_wire_form_is_refused_by_name()
    {
        var fault = Assert.Throws<NotSupportedException>(() => new NoSerializer((ExtendedActorSystem)Sys).ToBinary(new EncoderBusy(Decided.Id, "")));
        Assert.StartsWith("AptRl.Actors.Encoding.EncoderBusy is IWithinNode", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_public_message_of_an_actor_has_a_wire_form_or_stays_within_its_node()
    {
        // Messages stand in files named so; a new one must choose.
        var messages = typeof(Observe).Assembly.GetExportedTypes()
            .Where(type => type is { IsSealed: true, IsAbstract: false } && type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public) is not null)
            .Where(type => type.Namespace is "AptRl.Actors.Agents" or "AptRl.Actors.Encoding" or "AptRl.Actors.Users" or "AptRl.Actors.Clustering")
            .Where(type => !type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.Name.EndsWith("Batching", StringComparison.Ordinal)
                && !JournalSerializer.Types.Contains(type) && !Parts.Contains(type));
        Assert.Empty(messages.Where(type => !MessageSerializer.Types.Contains(type) && !typeof(IWithinNode).IsAssignableFrom(type)).Select(type => type.Name));
    }

    // Of a message or of an actor's making, and no message themselves.
    private static readonly Type[] Parts = [typeof(LessonOf), typeof(ScenarioActors), typeof(UserDependencies)];
}
