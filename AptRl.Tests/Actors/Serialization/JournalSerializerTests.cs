using System.Runtime.Serialization;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Serialization;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Retrieval;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Serialization;

public sealed class JournalSerializerTests : Akka.TestKit.Xunit.TestKit
{
    private static readonly FeatureVector Features = Sample.Features((0, 1), (47, -0.25f));

    private static readonly Decision Decided = Sample.Decided(1, "request", "a") with
    {
        SeenThrough = Sample.Noon,
        Slate = [new Shown(Sample.Item("a"), 0.5f, 0.25, true, Features)],
        Candidates = [new Candidate(Sample.Item("a"), 0.5f)],
        Filters = [new Filtered("excluded", 1, [Sample.Item("x")]), new Filtered("unavailable", 3, [Sample.Item("y"), Sample.Item("z")])],
        Rule = new ExplorationRule(ExplorationKind.Thompson, 0.125, 0.5),
        Orders = [1, 2],
        Value = 0.75,
        Groups = [3],
        GroupMax = 2,
        PolicyAge = TimeSpan.FromMilliseconds(125),
    };

    private static readonly JoinedReward Reward = new(Decided.Id, 1, RewardType.Purchase, FeatureVector.One);

    private static readonly Lesson Learned = new(
        7, Sample.Noon, new EventId("e"), [new TouchedItem(Sample.Item("a"), Sample.Item("b"), InteractionKind.AddToCart, Sample.Noon, -7)],
        [new ShownItem(Sample.Item("c"), Features) { Propensity = 0.25 }], [new RewardedItem(Sample.Item("d"), Features, RewardType.Purchase, -FeatureVector.One)])
    {
        Slate = [new ShownItem(Sample.Item("c"), Features) { Propensity = 0.5 }],
        Following = [new ShownItem(Sample.Item("d"), Features) { Propensity = 0.25 }],
        Encoder = "encoder",
    };

    // No value in them is a default, so that one which is not written is noticed.
    private static readonly object[] Examples =
    [
        new InteractionAccepted(
            new Interaction(
                new EventId("e"), Sample.Ann, InteractionKind.Purchase, Sample.Noon, [Sample.Item("a"), Sample.Item("b")],
                "session", 9.5, Decided.Id.Value, 1, "shoes"),
            [Sample.Home], [Reward]),
        new DecisionMade(Decided),
        new LessonsSettled(Sample.Home, 7),
        new UserTimelineImage(
            Sample.Ann, [new Touch(new EventId("e"), Sample.Item("a"), InteractionKind.ViewItem, Sample.Noon)], [new EventId("e")],
            [new RememberedDecision(Decided, [new RewardBy(Reward, new EventId("e"))], 22)], [new OutboxImage(Sample.Home, 9, 6, [Learned])],
            Sample.Noon, "session", 1, 2, 3, 4),
        new LessonsLearned([new LessonOf(Sample.Ann, Learned)], [new UserId("bob")], true),
        new LearnerSnapshot(
            "hash",
            new LearnerImage(
                1, 2, 3, 4, 5, [(6, new RidgeStatistics(Sums(RidgeStatistics.GramLength), Sums(RidgeStatistics.RewardTypes * FeatureVector.Length), 5))], [(Sample.Item("a"), 7, 8)],
                [(9, [KeyValuePair.Create(Sample.Item("a"), 10)])], new LiveSessionsImage(
                    [Sample.Item("a"), Sample.Item("b")], 11, Sample.Noon, [new OpenSession(-12, 13, Sample.Item("c"), Sample.Noon)],
                    new SessionMemoryImage(new SessionIndexImage(14, 15, 16, [[1, 2], [3]]), new CoVisitationImage([new CoVisitsImage(17, 18, [(19, 20)])], 21))))
            {
                ActorCritic = new ActorCriticImage([1.5], [2.5], [3.5], [4.5]),
                DeepQ = new DeepQImage([1.5f], [2.5f], [3.5f], [4.5f], 27, 28, 29, [new RememberedSlate(Sample.Noon, [new RememberedItem(Sample.Item("a"), Features, [30], [Features])])]),
                Encoder = "encoder",
                Foreign = 22,
                LastSlates = new ExposureImage(23, [KeyValuePair.Create(Sample.Item("a"), 24)], 25, [KeyValuePair.Create(Sample.Item("b"), 26)]),
            },
            [KeyValuePair.Create(Sample.Ann, 12L)], 13),
        new ItemsUpserted([new Item(Sample.Item("a"), true, ["shoes"], 9.5)]),
        new CatalogueSnapshot([new Item(Sample.Item("a"), true, ["shoes"], 9.5)]),
        new EncoderTookOver("encoder", [(6, new RidgeStatistics(Sums(RidgeStatistics.GramLength), Sums(RidgeStatistics.RewardTypes * FeatureVector.Length), 5))], 7),
    ];

    private readonly JournalSerializer _serializer;

    public JournalSerializerTests() => _serializer = new JournalSerializer((ExtendedActorSystem)Sys);

    [Fact]
    public void Every_fact_comes_back_with_every_value_it_had()
    {
        Assert.Equal(JournalSerializer.Types.OrderBy(type => type.Name), Examples.Select(example => example.GetType()).OrderBy(type => type.Name));
        foreach (var example in Examples)
        {
            var told = EveryValue.Of(example).ToList();
            Assert.DoesNotContain(told, value => value.EndsWith(" = 0", StringComparison.Ordinal) || value.EndsWith(" = ", StringComparison.Ordinal) || value.EndsWith(" = False", StringComparison.Ordinal));
            Assert.Equal(told, EveryValue.Of(_serializer.FromBinary(_serializer.ToBinary(example), _serializer.Manifest(example))));
        }
    }

    [Fact]
    public void What_is_not_told_stays_untold()
    {
        object[] bare =
        [
            new InteractionAccepted(Sample.At(0, "e", null, InteractionKind.Search), [], []),
            new DecisionMade(Sample.Decided(0, "r")),
            new LessonsLearned([new LessonOf(Sample.Ann, new Lesson(1, Sample.Noon, null, [new TouchedItem(Sample.Item("a"), null, InteractionKind.ViewItem, Sample.Noon, null)], [], []))], [], false),
            new UserTimelineImage(Sample.Ann, [new Touch(new EventId("e"), null, InteractionKind.Search, Sample.Noon)], [], [], [], null, null, 0, 0, 0, 0),
            new ItemsUpserted([new Item(Sample.Item("a"), false, [])]),
        ];
        Assert.All(bare, fact => Assert.Equal(EveryValue.Of(fact), EveryValue.Of(_serializer.FromBinary(_serializer.ToBinary(fact), _serializer.Manifest(fact)))));
    }

    [Fact]
    public void The_bytes_of_every_manifest_are_as_approved()
        => ApprovedFile.Check("journal-bytes.txt", string.Concat(Examples.Select(
            example => $"{_serializer.Identifier} {_serializer.Manifest(example)} {Convert.ToHexStringLower(_serializer.ToBinary(example))}\n")));

    [Fact]
    public void Lessons_of_before_sessions_were_told_are_read_and_a_snapshot_says_what_to_do()
    {
        var facts = ApprovedFile.Lines("journal-bytes-before-sessions.txt")
            .Select(line => line.Split(' ')).ToDictionary(words => words[1], words => Convert.FromHexString(words[2]));
        var old = Learned with { Touched = [Learned.Touched[0] with { Session = null }], Shown = [new ShownItem(Sample.Item("c"), Features)], Slate = [], Following = [], Encoder = null };
        Assert.Equal(EveryValue.Of(new LessonsLearned([new LessonOf(Sample.Ann, old)], [new UserId("bob")], true)), EveryValue.Of(_serializer.FromBinary(facts["LL"], "LL")));
        Assert.Equal(EveryValue.Of(old), EveryValue.Of(((UserTimelineImage)_serializer.FromBinary(facts["UT"], "UT")).Outboxes[0].Lessons[0]));
        var fault = Assert.Throws<SerializationException>(() => _serializer.FromBinary(facts["LR"], "LR"));
        Assert.EndsWith("delete the snapshots file, the journal rebuilds it", fault.Message);
    }

    [Fact]
    public void Decisions_of_before_removed_items_were_told_are_read_with_their_counts()
    {
        var old = Decided with { Filters = [new Filtered("unavailable", 3, [])], PolicyAge = null };
        var facts = ApprovedFile.Lines("journal-bytes-before-removed-items.txt")
            .Select(line => line.Split(' ')).ToDictionary(words => words[1], words => Convert.FromHexString(words[2]));
        Assert.Equal(EveryValue.Of(new DecisionMade(old)), EveryValue.Of(_serializer.FromBinary(facts["DM"], "DM")));
        Assert.Equal(EveryValue.Of(old), EveryValue.Of(((UserTimelineImage)_serializer.FromBinary(facts["UT"], "UT")).Decisions[0].Decision));
        Assert.All(facts, fact => Assert.NotNull(_serializer.FromBinary(fact.Value, fact.Key)));
    }

    [Fact]
    public void Naming_what_the_filters_removed_costs_less_than_a_tenth_of_a_decision()
    {
        // As large as they come: two filters that remove many, names of ten letters, 128 candidates, a slate of ten.
        ItemId[] items = [.. Enumerable.Range(0, 128).Select(number => Sample.Item($"item-{number:00000}"))];
        var decided = Decided with
        {
            Slate = [.. items.Take(10).Select(item => new Shown(item, 0.5f, 0.25, true, Features))],
            Candidates = [.. items.Select(item => new Candidate(item, 0.5f))],
            Filters = [new Filtered("excluded", 40, [.. items.Take(Filtered.ItemsMax)]), new Filtered("unavailable", 30, [.. items.Take(Filtered.ItemsMax)])],
        };
        var bare = decided with { Filters = [.. decided.Filters.Select(filter => filter with { Items = [] })] };
        var (named, counted) = (_serializer.ToBinary(new DecisionMade(decided)).Length, _serializer.ToBinary(new DecisionMade(bare)).Length);
        Assert.InRange(named - counted, 1, counted / 10);
    }

    [Fact]
    public void An_unknown_manifest_says_what_to_do()
    {
        var fault = Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "ZZ"));
        Assert.Equal("manifest 'ZZ' is unknown: the journal was written by a newer version of AptRl; start that one", fault.Message);
    }

    private static long[] Sums(int count) => [.. Enumerable.Range(1, count).Select(number => number % 2 == 0 ? number : -(1L << 40) - number)];
}
