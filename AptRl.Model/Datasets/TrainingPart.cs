using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>How the validation part is cut from the training part.</summary>
public enum HoldOutRule
{
    /// <summary>The newest tenth of the sequences, every position from the second on (anonymous sessions in time order).</summary>
    NewestSequences,

    /// <summary>The last touch of each sequence of three touches and more (leave-one-out).</summary>
    LastOfEach,

    /// <summary>Everything after one moment, before which nine tenths of all touches lie (an event log).</summary>
    NewestTouches,
}

/// <summary>All that a recommender may learn from: it has no way to the test part.</summary>
/// <remarks>Sequences are in time order of their last touch, and their touches too.</remarks>
public sealed class TrainingPart
{
    /// <summary>Takes what was read.</summary>
    /// <param name="items">The catalogue: every item of these sequences. Touches hold indices into it.</param>
    /// <param name="sequences">Each oldest touch first; none is empty.</param>
    /// <param name="holdOut">How to cut a validation part from it.</param>
    public TrainingPart(ImmutableArray<ItemId> items, IReadOnlyList<IndexedTouch[]> sequences, HoldOutRule holdOut)
        => (Items, Sequences, HoldOutRule) = (items, sequences, holdOut);

    /// <summary>The catalogue that is ranked: N items.</summary>
    public ImmutableArray<ItemId> Items { get; }

    /// <summary>Each oldest touch first.</summary>
    public IReadOnlyList<IndexedTouch[]> Sequences { get; }

    /// <summary>How <see cref="HoldOut"/> cuts.</summary>
    public HoldOutRule HoldOutRule { get; }

    /// <summary>Cuts the newest tenth off: what to fit to, and what to choose settings and stop by.</summary>
    /// <remarks>The catalogue keeps its numbering; an item that is touched in the held-out part alone can still be a target.</remarks>
    public (TrainingPart Fit, ImmutableArray<AnsweredQuestion> Validation) HoldOut() => HoldOutRule switch
    {
        HoldOutRule.NewestSequences => HoldOutSequences(),
        HoldOutRule.LastOfEach => HoldOutLast(),
        _ => HoldOutTouches(),
    };

    private (TrainingPart, ImmutableArray<AnsweredQuestion>) HoldOutSequences()
    {
        var kept = Sequences.Count - Sequences.Count / 10;
        return (With([.. Sequences.Take(kept)]), [.. Sequences.Skip(kept).SelectMany((touches, index) => Questions(touches, 1, index))]);
    }

    private (TrainingPart, ImmutableArray<AnsweredQuestion>) HoldOutLast()
        => (With([.. Sequences.Select(touches => touches.Length < 3 ? touches : touches[..^1])]),
            [.. Sequences.SelectMany((touches, index) => touches.Length < 3 ? [] : Questions(touches, touches.Length - 1, index))]);

    private (TrainingPart, ImmutableArray<AnsweredQuestion>) HoldOutTouches()
    {
        long[] times = [.. Sequences.SelectMany(touches => touches).Select(touch => touch.Seconds).Order()];
        var cut = times.Length / 10 is var held and > 0 ? times[^held] : long.MaxValue;
        return (
            With([.. Sequences.Select(touches => touches.TakeWhile(touch => touch.Seconds < cut).ToArray()).Where(touches => touches.Length > 0)]),
            [.. Sequences.SelectMany((touches, index) => Questions(touches, touches.TakeWhile(touch => touch.Seconds < cut).Count(), index))]);
    }

    private TrainingPart With(IReadOnlyList<IndexedTouch[]> sequences) => new(Items, sequences, HoldOutRule);

    private static IEnumerable<AnsweredQuestion> Questions(IndexedTouch[] touches, int from, int cluster)
        => Enumerable.Range(from, touches.Length - from).Select(at => new AnsweredQuestion(
            new Question(touches.AsMemory(0, at), touches[at].Seconds), touches[at].Item, cluster));
}
