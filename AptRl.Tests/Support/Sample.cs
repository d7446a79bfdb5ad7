using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;

namespace AptRl.Tests.Support;

/// <summary>Short ways to say what happened.</summary>
internal static class Sample
{
    public static readonly UserId Ann = new("ann");

    public static readonly ScenarioId Home = new("home");

    public static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static ItemId Item(string name) => new(name);

    public static Interaction At(
        double minute, string id, string? item = "a", InteractionKind kind = InteractionKind.ViewItem, string? recommendation = null, string? session = null)
        => new(
            new EventId(id), Ann, kind, Noon.AddMinutes(minute), item is null ? [] : [.. item.Split(',').Select(name => new ItemId(name))],
            session, recommendationId: recommendation);

    public static FeatureVector Features(params (int Index, float Value)[] values)
    {
        var numbers = new float[FeatureVector.Length];
        foreach (var (index, value) in values)
        {
            numbers[index] = value;
        }

        return FeatureVector.From(numbers);
    }

    public static Decision Decided(double minute, string request, params string[] items)
        => new(
            DecisionId.For(Ann, Home, request), Ann, Home, request, Noon.AddMinutes(minute), null, Decision.Learned, 1, "m", 10,
            [.. items.Select((item, position) => new Shown(new ItemId(item), 0, 0.5, false, Features((0, position + 1))))],
            [.. items.Select(item => new Candidate(new ItemId(item), 0))],
            []);

    public static UserTimeline Timeline(WindowOptions? options = null, params IUserFact[] facts)
    {
        var timeline = new UserTimeline(Ann, options ?? new WindowOptions());
        foreach (var fact in facts)
        {
            timeline.Apply(fact);
        }

        return timeline;
    }

    /// <summary>Judges and, where accepted, applies, as the user actor does.</summary>
    public static Verdict Offer(this UserTimeline timeline, Interaction interaction)
    {
        var verdict = timeline.Judge(interaction);
        if (verdict is Verdict.Accept)
        {
            timeline.Apply(timeline.Accept(interaction, [Home]));
        }

        return verdict;
    }

    public static Lesson Shown(long number, double minute, params (string Item, FeatureVector Features)[] items)
        => new(number, Noon.AddMinutes(minute), null, [], [.. items.Select(item => new ShownItem(new ItemId(item.Item), item.Features))], []);

    public static Lesson Rewarded(long number, double minute, string item, FeatureVector features, RewardType type = RewardType.Click, int sign = 1)
        => new(number, Noon.AddMinutes(minute), new EventId($"reward-{number}"), [], [], [new RewardedItem(new ItemId(item), features, type, sign * FeatureVector.One)]);

    public static Lesson Touched(long number, double minute, string item, string? previous = null, InteractionKind kind = InteractionKind.ViewItem, long? session = null)
        => new(
            number, Noon.AddMinutes(minute), new EventId($"touch-{number}"),
            [new TouchedItem(new ItemId(item), previous is null ? null : new ItemId(previous), kind, Noon.AddMinutes(minute), session)], [], []);

    public static ImmutableArray<T> Shuffled<T>(IEnumerable<T> items, Chance chance)
    {
        var shuffled = items.ToArray();
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = chance.Next(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return [.. shuffled];
    }
}
