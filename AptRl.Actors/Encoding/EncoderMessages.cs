using System.Collections.Immutable;
using AptRl.Actors.Clustering;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Actors.Encoding;

/// <summary>Encode a window. Answered by <see cref="Encoded"/>, or <see cref="EncoderBusy"/>.</summary>
/// <param name="For">The decision that needs the state.</param>
/// <param name="Window">The user's window, oldest first.</param>
public sealed record Encode(DecisionId For, ImmutableArray<Touch> Window) : IWithinNode
{
    /// <summary>Context of the trace that it belongs to, as W3C text; null where nobody traces.</summary>
    public string? Trace { get; init; }
}

/// <summary>The state of a window.</summary>
/// <param name="For">The decision that needs it.</param>
/// <param name="State">[D]</param>
public sealed record Encoded(DecisionId For, float[] State) : IWithinNode;

/// <summary>There is no state: the encoder's queue is full, or it failed.</summary>
/// <param name="For">The decision that needed the state.</param>
/// <param name="Reason">Which of them, in words.</param>
public sealed record EncoderBusy(DecisionId For, string Reason) : IWithinNode;
