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
    /// <remarks>
    /// The catalogue keeps its numbering; an item that is touched in the held-out part alone can still be a target. Where
    /// nothing would be left to fit to, nothing is held out: the validation part of very little data is empty.
    /// </remarks>
    public (TrainingPart Fit, ImmutableArray<AnsweredQuestion> Validation) HoldOut() => HoldOutRule switch
    {
        HoldOutRule.NewestSequences => HoldOutSequences(),
        HoldOutRule.LastOfEach => HoldOutLast(),
        _ => HoldOutTouches(),
    };

    /// <summary>The newest share of the sequences, rounded up; the catalogue keeps its numbering.</summary>
    internal TrainingPart Newest(double share) => With([.. Sequences.TakeLast((int)Math.Ceiling(share * Sequences.Count))]);

    /// <summary>The moment from which the newest tenth lies, at least one of two; <see cref="long.MaxValue"/> where nothing lies before it.</summary>
    internal static long NewestTenth(long[] times)
    {
        Array.Sort(times);
        var cut = times.Length < 2 ? long.MaxValue : times[^Tenth(times.Length)];
        return times.Length > 0 && cut == times[0] ? long.MaxValue : cut;
    }

    private static int Tenth(int count) => count < 2 ? 0 : Math.Max(1, count / 10);

    private (TrainingPart, ImmutableArray<AnsweredQuestion>) HoldOutSequences()
    {
        var kept = Sequences.Count - Tenth(Sequences.Count);
        var validation = ImmutableArray.CreateBuilder<AnsweredQuestion>();
        for (var index = kept; index < Sequences.Count; index++)
        {
            AddQuestions(validation, Sequences[index], 1, index);
        }

        return (With([.. Sequences.Take(kept)]), validation.ToImmutable());
    }

    private (TrainingPart, ImmutableArray<AnsweredQuestion>) HoldOutLast()
    {
        var fit = new IndexedTouch[Sequences.Count][];
        var validation = ImmutableArray.CreateBuilder<AnsweredQuestion>();
        for (var index = 0; index < fit.Length; index++)
        {
            var touches = Sequences[index];
            fit[index] = touches.Length < 3 ? touches : touches[..^1];
            AddQuestions(validation, touches, fit[index].Length, index);
        }

        return (With(fit), validation.ToImmutable());
    }

    private (TrainingPart, ImmutableArray<AnsweredQuestion>) HoldOutTouches()
    {
        var cut = NewestTenth([.. Sequences.SelectMany(touches => touches).Select(touch => touch.Seconds)]);
        var fit = new List<IndexedTouch[]>();
        var validation = ImmutableArray.CreateBuilder<AnsweredQuestion>();
        for (var index = 0; index < Sequences.Count; index++)
        {
            var touches = Sequences[index];
            var before = Array.FindIndex(touches, touch => touch.Seconds >= cut) is var at and >= 0 ? at : touches.Length;
            if (before > 0)
            {
                fit.Add(before == touches.Length ? touches : touches[..before]);
            }

            AddQuestions(validation, touches, before, index);
        }

        return (With([.. fit.OrderBy(touches => touches[^1].Seconds)]), validation.ToImmutable());
    }

    private TrainingPart With(IReadOnlyList<IndexedTouch[]> sequences) => new(Items, sequences, HoldOutRule);

    private static void AddQuestions(ImmutableArray<AnsweredQuestion>.Builder questions, IndexedTouch[] touches, int from, int cluster)
    {
        for (var at = from; at < touches.Length; at++)
        {
            if (touches[at] is { IsWanted: true, Item: not IndexedTouch.NoItem })
            {
                questions.Add(new AnsweredQuestion(new Question(touches.AsMemory(0, at), touches[at].Seconds), touches[at].Item, cluster, touches[at].Kind));
            }
        }
    }
}
