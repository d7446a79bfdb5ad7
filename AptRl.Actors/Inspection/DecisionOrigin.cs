using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Actors.Inspection;

/// <summary>What a decision was made from and what was learned of it, read back from the journals.</summary>
/// <param name="Window">The window that the encoder saw, oldest first.</param>
/// <param name="WindowHash">Its hash.</param>
/// <param name="FactsBefore">Facts of the user that this was rebuilt from.</param>
/// <param name="Lessons">Every lesson that the decision and its rewards taught, in the order in which the learner took them.</param>
/// <param name="IsWhole">Whether the learner's journal was read to where all lessons stand; it is not where it is too long for that.</param>
public sealed record DecisionOrigin(
    ImmutableArray<Touch> Window, string WindowHash, long FactsBefore, ImmutableArray<LearnedFrom> Lessons, bool IsWhole);

/// <summary>A lesson of a decision that a learner has taken.</summary>
/// <param name="By">The event that brought it; null for the showing itself.</param>
/// <param name="Entry">Its entry in the learner's journal.</param>
/// <param name="Publication">The first version of the policy that has learned from it; null where none has been published yet.</param>
public sealed record LearnedFrom(EventId? By, long Entry, long? Publication);
