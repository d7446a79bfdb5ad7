using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>An item was touched: what popularity is counted and sessions are remembered from.</summary>
/// <param name="Item">Which.</param>
/// <param name="Previous">The item touched before it; only in lessons older than <paramref name="Session"/>, null in others.</param>
/// <param name="Kind">How.</param>
/// <param name="At">When.</param>
/// <param name="Session">The session it belongs to, by a number that no other has; null in lessons that were made before this was told.</param>
public readonly record struct TouchedItem(ItemId Item, ItemId? Previous, InteractionKind Kind, DateTimeOffset At, long? Session);

/// <summary>An item was shown at a position: one row of the regression.</summary>
/// <param name="Item">Which.</param>
/// <param name="Features">What the policy saw, with the position it was shown at.</param>
public readonly record struct ShownItem(ItemId Item, FeatureVector Features)
{
    /// <summary>Probability with which it was drawn at its position; 0 where the scenario's learner does not need it.</summary>
    public double Propensity { get; init; }
}

/// <summary>A shown item earned something: one addition to a reward's sum.</summary>
/// <param name="Item">Which.</param>
/// <param name="Features">The features it was shown with.</param>
/// <param name="Type">What it earned.</param>
/// <param name="Amount">In units of 1/<see cref="FeatureVector.One"/>; negative where taken back.</param>
public readonly record struct RewardedItem(ItemId Item, FeatureVector Features, RewardType Type, int Amount);

/// <summary>What one fact of one user teaches the learner of one scenario.</summary>
/// <remarks>
/// Lessons of a user for a scenario are numbered 1, 2, 3 … without a gap, so that a learner that has taken n takes n+1
/// and nothing twice, however often a crash makes the user send it again.
/// </remarks>
/// <param name="Number">From 1.</param>
/// <param name="At">Event time of the decision it is about, or of the touch: it says which bucket of the statistics it enters.</param>
/// <param name="By">The event that brought it; null where a decision did.</param>
/// <param name="Touched">Items touched.</param>
/// <param name="Shown">Items shown.</param>
/// <param name="Rewarded">Rewards earned by a decision made at <paramref name="At"/>.</param>
public sealed record Lesson(
    long Number,
    DateTimeOffset At,
    EventId? By,
    ImmutableArray<TouchedItem> Touched,
    ImmutableArray<ShownItem> Shown,
    ImmutableArray<RewardedItem> Rewarded)
{
    /// <summary>The slate that the rewards came of, where the scenario's learner needs it; else empty.</summary>
    public ImmutableArray<ShownItem> Slate { get; init; } = [];

    /// <summary>The slate whose value <see cref="RewardType.Next"/> is, where the scenario's learner needs it; else empty.</summary>
    public ImmutableArray<ShownItem> Following { get; init; } = [];

    /// <summary>Version of the encoder that the features were made with; null without features, and in lessons of before this was told.</summary>
    public string? Encoder { get; init; }
}
