using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>How the validation part is cut from the training part.</summary>
public enum HoldOutRule
{
    /// <summary>The newest tenth of the sequences, every position from the second on (anonymous sessions in time order).</summary>
    NewestSequences,

    /// <summary>The last step of each sequence of three steps and more (leave-one-out).</summary>
    LastOfEach,

    /// <summary>Everything after one moment, before which nine tenths of all steps lie (an event log).</summary>
    NewestSteps,
}

/// <summary>All that a recommender may learn from: it has no way to the test part.</summary>
/// <remarks>Sequences are in time order of their last step, and their steps too.</remarks>
public sealed class TrainingPart
{
    /// <summary>Takes what was read.</summary>
    /// <param name="items">The catalogue: every item of these sequences. Steps hold indices into it.</param>
    /// <param name="sequences">Each oldest step first; none is empty.</param>
    /// <param name="holdOut">How to cut a validation part from it.</param>
    public TrainingPart(ImmutableArray<ItemId> items, IReadOnlyList<Step[]> sequences, HoldOutRule holdOut)
        => (Items, Sequences, HoldOutRule) = (items, sequences, holdOut);

    /// <summary>The catalogue that is ranked: N items.</summary>
    public ImmutableArray<ItemId> Items { get; }

    /// <summary>Each oldest step first.</summary>
    public IReadOnlyList<Step[]> Sequences { get; }

    /// <summary>How <see cref="HoldOut"/> cuts.</summary>
    public HoldOutRule HoldOutRule { get; }

    /// <summary>Cuts the newest tenth off: what to fit to, and what to choose settings and stop by.</summary>
    /// <remarks>The catalogue keeps its numbering; an item that is touched in the held-out part alone can still be a target.</remarks>
    public (TrainingPart Fit, ImmutableArray<AnsweredQuestion> Validation) HoldOut() => throw new NotImplementedException();
}
