using System.Collections.Immutable;
using AptRl.Actors.Agents;
using AptRl.Actors.Serialization.Wire;
using AptRl.Model.Events;
using AptRl.Model.Learning;

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
        return new LearnerMessage
        {
            Hash = snapshot.Hash,
            Version = image.Version,
            Decisions = image.Decisions,
            Rewards = image.Rewards,
            Lessons = image.Lessons,
            Forgotten = image.Forgotten,
            Buckets =
            {
                image.Buckets.Select(bucket => new StatisticsMessage
                {
                    Bucket = bucket.Bucket,
                    Rows = bucket.Statistics.Rows,
                    Gram = { bucket.Statistics.Gram.ToArray() },
                    Rewards = { bucket.Statistics.Rewards.ToArray() },
                }),
            },
            Exposures = { image.Exposures.Select(exposure => new ExposureMessage { Item = exposure.Item.Value, Shown = exposure.Shown, Clicked = exposure.Clicked }) },
            Hours = { image.Hours.Select(hour => new HourMessage { Hour = hour.Hour, Touches = ToWire(hour.Touches) }) },
            Neighbours =
            {
                image.Neighbours.Select(pair => new NeighboursMessage
                {
                    Item = pair.Item.Value,
                    Neighbours = ToWire(pair.Neighbours.Select(neighbour => KeyValuePair.Create(neighbour.Item, neighbour.Weight))),
                }),
            },
            TakenUsers = { snapshot.Taken.Select(taken => taken.Key.Value) },
            TakenNumbers = { snapshot.Taken.Select(taken => taken.Value) },
            Updates = snapshot.Updates,
        };
    }

    public static LearnerSnapshot FromWire(LearnerMessage message) => new(
        message.Hash,
        new LearnerImage(
            message.Version, message.Decisions, message.Rewards, message.Lessons, message.Forgotten,
            [.. message.Buckets.Select(bucket => (bucket.Bucket, new RidgeStatistics([.. bucket.Gram], [.. bucket.Rewards], bucket.Rows)))],
            [.. message.Exposures.Select(exposure => (new ItemId(exposure.Item), exposure.Shown, exposure.Clicked))],
            [.. message.Hours.Select(hour => (hour.Hour, FromWire(hour.Touches).ToImmutableArray()))],
            [.. message.Neighbours.Select(pair => (new ItemId(pair.Item), FromWire(pair.Neighbours)
                .Select(weight => new Neighbour(weight.Key, weight.Value)).ToImmutableArray()))]),
        [.. message.TakenUsers.Zip(message.TakenNumbers, (user, number) => KeyValuePair.Create(new UserId(user), number))],
        message.Updates);

    public static ItemsUpsertedMessage ToWire(ImmutableArray<Item> items)
    {
        var message = new ItemsUpsertedMessage();
        foreach (var item in items)
        {
            var wire = new ItemMessage { Id = item.Id.Value, Available = item.Available, Categories = { item.Categories } };
            if (item.Price is { } price)
            {
                wire.Price = price;
            }

            message.Items.Add(wire);
        }

        return message;
    }

    public static ImmutableArray<Item> FromWire(ItemsUpsertedMessage message)
        => [.. message.Items.Select(item => new Item(new ItemId(item.Id), item.Available, [.. item.Categories], item.HasPrice ? item.Price : null))];

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
