using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Model.Recommenders;

/// <summary>Sessions written as words, and a model's answer as the words it ranks.</summary>
internal sealed class Tiny
{
    private readonly string[] _items;

    private Tiny(string[] items, TrainingPart training) => (_items, Training) = (items, training);

    public TrainingPart Training { get; }

    /// <summary>Sessions in time order, without times: each is numbered.</summary>
    public static Tiny Sessions(params string[] sessions)
        => At([.. sessions.Select((session, at) => (session, (long)at))]);

    /// <summary>Sessions whose touches all have the time given.</summary>
    public static Tiny At(params (string Items, long Seconds)[] sessions)
    {
        string[] items = [.. sessions.SelectMany(session => session.Items.Split(' ')).Distinct().Order(StringComparer.Ordinal)];
        return new Tiny(items, new TrainingPart(
            [.. items.Select(item => new ItemId(item))],
            [.. sessions.Select(session => Touches(items, session.Items, session.Seconds))],
            HoldOutRule.NewestSequences));
    }

    public IRecommender Fit(IRecipe recipe, int trial, ulong seed = 7)
        => recipe.Fit(Training, trial, new FitContext(seed, Quick: false, Progress: null, TestContext.Current.CancellationToken));

    public float[] Scores(IRecommender model, string history)
    {
        var scores = new float[_items.Length];
        Array.Fill(scores, float.NaN);
        model.Score([new Question(Touches(_items, history, 1_000), 1_000)], scores);
        return scores;
    }

    public float Score(IRecommender model, string history, string item) => Scores(model, history)[Array.IndexOf(_items, item)];

    /// <summary>All items, best first.</summary>
    public string Ranking(IRecommender model, string history)
        => string.Join(' ', _items.Zip(Scores(model, history)).OrderByDescending(scored => scored.Item2).Select(scored => scored.Item1));

    private static IndexedTouch[] Touches(string[] items, string words, long seconds)
        => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => new IndexedTouch(Array.IndexOf(items, word), (byte)InteractionKind.ViewItem, seconds))];
}
