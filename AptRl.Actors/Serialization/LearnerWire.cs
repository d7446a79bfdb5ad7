using System.Collections.Immutable;
using System.Runtime.Serialization;
using AptRl.Actors.Agents;
using AptRl.Actors.Serialization.Wire;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Retrieval;

namespace AptRl.Actors.Serialization;

/// <summary>The facts of learners and of the catalogue as wire messages.</summary>
internal static class LearnerWire
{
    public static LessonsLearnedMessage ToWire(LessonsLearned learned) => new()
    {
        Lessons = { learned.Lessons.Select(lesson => new LessonOfMessage { User = lesson.User.Value, Lesson = UserWire.ToWire(lesson.Lesson) }) },
        Forgotten = { learned.Forgotten.Select(user => user.Value) },
        Publishes = learned.Publishes,
    };

    public static LessonsLearned FromWire(LessonsLearnedMessage message) => new(
        [.. message.Lessons.Select(lesson => new LessonOf(new UserId(lesson.User), UserWire.FromWire(lesson.Lesson)))],
        [.. message.Forgotten.Select(user => new UserId(user))],
        message.Publishes);

    public static LearnerMessage ToWire(LearnerSnapshot snapshot)
    {
        var image = snapshot.Learner;
        var message = new LearnerMessage
        {
            ActorCritic = image.ActorCritic is { } learned ? ToWire(learned) : null,
            DeepQ = image.DeepQ is { } network ? DeepQWire.ToWire(network) : null,
            Hash = snapshot.Hash,
            Version = image.Version,
            Decisions = image.Decisions,
            Rewards = image.Rewards,
            Lessons = image.Lessons,
            Forgotten = image.Forgotten,
            Foreign = image.Foreign,
            LastSlates = image.LastSlates is { } slates
                ? new LastSlatesMessage { Slates = slates.Slates, Shown = ToWire(slates.Shown), SlatesBefore = slates.SlatesBefore, ShownBefore = ToWire(slates.ShownBefore) }
                : null,
            Buckets = { image.Buckets.Select(ToWire) },
            Exposures = { image.Exposures.Select(exposure => new ExposureMessage { Item = exposure.Item.Value, Shown = exposure.Shown, Clicked = exposure.Clicked }) },
            Hours = { image.Hours.Select(hour => new HourMessage { Hour = hour.Hour, Touches = ToWire(hour.Touches) }) },
            TakenUsers = { snapshot.Taken.Select(taken => taken.Key.Value) },
            TakenNumbers = { snapshot.Taken.Select(taken => taken.Value) },
            Updates = snapshot.Updates,
            Sessions = ToWire(image.Sessions),
        };
        if (image.Encoder is { } encoder)
        {
            message.Encoder = encoder;
        }

        return message;
    }

    public static EncoderTookOverMessage ToWire(EncoderTookOver took) => new()
    {
        Encoder = took.Encoder,
        Buckets = { took.Buckets.Select(ToWire) },
        Forgotten = took.Forgotten,
    };

    public static EncoderTookOver FromWire(EncoderTookOverMessage message) => new(message.Encoder, [.. message.Buckets.Select(FromWire)], message.Forgotten);

    public static LearnerSnapshot FromWire(LearnerMessage message) => new(
        message.Hash,
        new LearnerImage(
            message.Version, message.Decisions, message.Rewards, message.Lessons, message.Forgotten,
            [.. message.Buckets.Select(FromWire)],
            [.. message.Exposures.Select(exposure => (new ItemId(exposure.Item), exposure.Shown, exposure.Clicked))],
            [.. message.Hours.Select(hour => (hour.Hour, FromWire(hour.Touches).ToImmutableArray()))],
            FromWire(message.Sessions ?? throw new SerializationException(
                "the learner's snapshot was written before sessions were remembered; delete the snapshots file, the journal rebuilds it")))
        {
            ActorCritic = message.ActorCritic is { } learned
                ? new ActorCriticImage([.. learned.Actor], [.. learned.ActorSquares], [.. learned.Critic], [.. learned.CriticSquares])
                : null,
            DeepQ = message.DeepQ is { } network ? DeepQWire.FromWire(network) : null,
            Encoder = message.HasEncoder ? message.Encoder : null,
            Foreign = message.Foreign,
            LastSlates = message.LastSlates is { } slates
                ? new ExposureImage(slates.Slates, [.. FromWire(slates.Shown)], slates.SlatesBefore, [.. FromWire(slates.ShownBefore)])
                : null,
        },
        [.. message.TakenUsers.Zip(message.TakenNumbers, (user, number) => KeyValuePair.Create(new UserId(user), number))],
        message.Updates);

    public static ItemsUpsertedMessage ToWire(ImmutableArray<Item> items)
    {
        var message = new ItemsUpsertedMessage();
        message.Items.Add(items.Select(ToWire));
        return message;
    }

    public static ItemMessage ToWire(Item item)
    {
        var wire = new ItemMessage { Id = item.Id.Value, Available = item.Available, Categories = { item.Categories } };
        if (item.Price is { } price)
        {
            wire.Price = price;
        }

        return wire;
    }

    public static ImmutableArray<Item> FromWire(ItemsUpsertedMessage message) => [.. message.Items.Select(FromWire)];

    public static Item FromWire(ItemMessage item) => new(new ItemId(item.Id), item.Available, [.. item.Categories], item.HasPrice ? item.Price : null);

    private static StatisticsMessage ToWire((long Bucket, RidgeStatistics Statistics) bucket) => new()
    {
        Bucket = bucket.Bucket,
        Rows = bucket.Statistics.Rows,
        Gram = { bucket.Statistics.Gram.ToArray() },
        Rewards = { bucket.Statistics.StoredRewards.ToArray() },
    };

    private static (long Bucket, RidgeStatistics Statistics) FromWire(StatisticsMessage message)
        => (message.Bucket, new RidgeStatistics([.. message.Gram], [.. message.Rewards], message.Rows));

    private static ActorCriticMessage ToWire(ActorCriticImage image) => new()
    {
        Actor = { image.Actor },
        ActorSquares = { image.ActorSquares },
        Critic = { image.Critic },
        CriticSquares = { image.CriticSquares },
    };

    private static LiveSessionsMessage ToWire(LiveSessionsImage image)
    {
        var (sessions, coVisits) = (image.Memory.Sessions, image.Memory.CoVisits);
        return new LiveSessionsMessage
        {
            Items = { image.Items.Select(item => item.Value) },
            ItemsForgotten = image.ItemsForgotten,
            NewestAtTicks = image.NewestAt.UtcTicks,
            Open = { image.Open.Select(ToWire) },
            Opened = sessions.Opened,
            Cut = sessions.Cut,
            Late = sessions.Late,
            Lengths = { sessions.Sessions.Select(session => session.Length) },
            SessionItems = { sessions.Sessions.SelectMany(session => session) },
            CoVisits =
            {
                coVisits.Items.Select(near => new CoVisitsMessage
                {
                    Item = near.Item,
                    Step = near.Step,
                    Neighbours = { near.Neighbours.Select(pair => pair.Item) },
                    Weights = { near.Neighbours.Select(pair => pair.Weight) },
                }),
            },
            CoVisitsDropped = coVisits.Dropped,
        };
    }

    private static LiveSessionsImage FromWire(LiveSessionsMessage message)
    {
        var sessions = ImmutableArray.CreateBuilder<ImmutableArray<int>>(message.Lengths.Count);
        var items = message.SessionItems.ToImmutableArray();
        var at = 0;
        foreach (var length in message.Lengths)
        {
            sessions.Add(items.Slice(at, length));
            at += length;
        }

        return new LiveSessionsImage(
            [.. message.Items.Select(item => new ItemId(item))],
            message.ItemsForgotten,
            UserWire.FromTicks(message.NewestAtTicks),
            [.. message.Open.Select(open => new OpenSession(
                open.Session, open.HasNumber ? open.Number : null, open.HasOnly ? new ItemId(open.Only) : null, UserWire.FromTicks(open.LastAtTicks)))],
            new SessionMemoryImage(
                new SessionIndexImage(message.Opened, message.Cut, message.Late, sessions.MoveToImmutable()),
                new CoVisitationImage(
                    [.. message.CoVisits.Select(near => new CoVisitsImage(near.Item, near.Step, [.. near.Neighbours.Zip(near.Weights)]))],
                    message.CoVisitsDropped)));
    }

    private static OpenSessionMessage ToWire(OpenSession open)
    {
        var message = new OpenSessionMessage { Session = open.Session, LastAtTicks = open.LastAt.UtcTicks };
        if (open.Number is { } number)
        {
            message.Number = number;
        }

        if (open.Only is { } only)
        {
            message.Only = only.Value;
        }

        return message;
    }

    private static WeightsMessage ToWire(IEnumerable<KeyValuePair<ItemId, int>> weights)
    {
        var message = new WeightsMessage();
        foreach (var (item, weight) in weights)
        {
            message.Items.Add(item.Value);
            message.Weights.Add(weight);
        }

        return message;
    }

    private static IEnumerable<KeyValuePair<ItemId, int>> FromWire(WeightsMessage message)
        => message.Items.Zip(message.Weights, (item, weight) => KeyValuePair.Create(new ItemId(item), weight));
}
