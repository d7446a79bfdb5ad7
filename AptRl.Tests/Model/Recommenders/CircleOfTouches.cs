using System.Collections.Immutable;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;

namespace AptRl.Tests.Model.Recommenders;

/// <summary>A shop where everybody goes round in a circle: the next item is known, and hangs on the last one alone.</summary>
internal static class CircleOfTouches
{
    internal const int Items = 12;

    /// <summary>Walks of all lengths between two, from every item of the circle in turn.</summary>
    internal static TrainingPart Part(int sequences = 240, int shortest = 2, int longest = 10) => new(
        [.. Enumerable.Range(0, Items).Select(item => new ItemId($"item {item:D2}"))],
        [.. Enumerable.Range(0, sequences).Select(sequence => Walk(sequence, shortest + sequence / Items % (longest - shortest + 1)))],
        HoldOutRule.NewestSequences);

    /// <summary>Touches of neighbouring items, the first one of item <paramref name="from"/>.</summary>
    internal static IndexedTouch[] Walk(int from, int length)
        => [.. Enumerable.Range(0, length).Select(step => new IndexedTouch((from + step) % Items, (byte)InteractionKind.ViewItem, from * 1_000 + step))];

    /// <summary>One question behind each item, the histories 1 to 6 long.</summary>
    internal static ImmutableArray<Question> Questions { get; } =
        [.. Enumerable.Range(0, Items).Select(item => new Question(Walk(item, 1 + item % 6), item * 1_000 + 500))];

    /// <summary>How many of the <see cref="Questions"/> have their answer above all other items.</summary>
    internal static int Right(IRecommender recommender)
    {
        var scores = Scores(recommender);
        return Enumerable.Range(0, Items).Count(question =>
        {
            var answer = (question + 1 + question % 6) % Items;
            return Enumerable.Range(0, Items).All(item => item == answer || scores[question * Items + item] < scores[question * Items + answer]);
        });
    }

    internal static float[] Scores(IRecommender recommender)
    {
        var scores = new float[Items * Items];
        recommender.Score(Questions.AsSpan(), scores);
        return scores;
    }
}
