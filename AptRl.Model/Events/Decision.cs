using System.Collections.Immutable;
using AptRl.Model.Learning;

namespace AptRl.Model.Events;

/// <summary>One item of a slate, with what is needed to explain it and to learn from it.</summary>
/// <param name="Item">What was shown.</param>
/// <param name="Score">The policy's value of it; in units of reward.</param>
/// <param name="Propensity">Probability, in (0, 1], with which it was drawn at its position given those above it.</param>
/// <param name="Explored">Whether it stands where the policy without exploration would not have put it.</param>
/// <param name="Features">What the learner saw, fixed-point; <see cref="FeatureVector.Length"/> numbers.</param>
public sealed record Shown(ItemId Item, float Score, double Propensity, bool Explored, FeatureVector Features);

/// <summary>One item that was allowed for a decision, and the score it was drawn by.</summary>
/// <param name="Item">Which.</param>
/// <param name="Score">The policy's value of it.</param>
public readonly record struct Candidate(ItemId Item, float Score);

/// <summary>One request answered. Everything needed to explain it and to draw it again is in it.</summary>
/// <param name="Id">Names the decision; the random key is derived from it.</param>
/// <param name="User">For whom.</param>
/// <param name="Scenario">Where in the shop.</param>
/// <param name="RequestId">The caller's id: a repeated request gets this decision again.</param>
/// <param name="At">Event time of the request.</param>
/// <param name="SeenThrough">Event time of the newest interaction that the state knew; null for a user without history.</param>
/// <param name="Policy">Who decided: <c>learned</c>, or a holdout's name.</param>
/// <param name="PolicyVersion">Published version of the policy that decided.</param>
/// <param name="ModelVersion">Version of the encoder that made the state.</param>
/// <param name="Gamma">Parameter of <see cref="Rule"/> that was in force; γ of inverse gap weighting, where 0 is uniform and infinity greedy.</param>
/// <param name="Slate">What was shown, first position first.</param>
/// <param name="Candidates">What could have been shown, with scores; the draw is a function of these, Gamma, Rule, Orders and Id.</param>
/// <param name="Filters">What the filters removed.</param>
public sealed record Decision(
    DecisionId Id,
    UserId User,
    ScenarioId Scenario,
    string RequestId,
    DateTimeOffset At,
    DateTimeOffset? SeenThrough,
    string Policy,
    long PolicyVersion,
    string ModelVersion,
    double Gamma,
    ImmutableArray<Shown> Slate,
    ImmutableArray<Candidate> Candidates,
    ImmutableArray<Filtered> Filters)
{
    /// <summary>Name of the policy that learns, in <see cref="Policy"/>.</summary>
    public const string Learned = "learned";

    /// <summary>By which rule it was drawn.</summary>
    public ExplorationRule Rule { get; init; } = ExplorationRule.InverseGap;

    /// <summary>
    /// Of each draw of the posterior the candidates that it puts first, as many as the slate has positions, one draw after
    /// the other; empty but for Thompson sampling.
    /// </summary>
    public ImmutableArray<int> Orders { get; init; } = [];

    /// <summary>Category of each candidate as a number from 1, 0 for none, where categories were bounded; else empty.</summary>
    public ImmutableArray<int> Groups { get; init; } = [];

    /// <summary>Items of one category that the slate may have at most; 0 where categories were not bounded.</summary>
    public int GroupMax { get; init; }

    /// <summary>
    /// What the policy expected of its best slate here, in units of reward: the sum over its positions of the values of the items. Null
    /// in decisions of before this was told.
    /// </summary>
    public double? Value { get; init; }

    /// <summary>
    /// How long before the decision its node last knew itself level with the policy's writer: a newer policy may have been published
    /// in that time and no longer ago. Null where the writer was on the same node and supplied the policy itself.
    /// </summary>
    public TimeSpan? PolicyAge { get; init; }

    /// <summary>Whether the propensities estimate what has no closed form. They are the exact probabilities of the draw all the same, given <see cref="Orders"/>.</summary>
    public bool IsEstimated => Rule.Kind is ExplorationKind.Thompson;

    /// <summary>Position, from 0, of an item in the slate; -1 where it was not shown.</summary>
    public int PositionOf(ItemId item)
    {
        for (var position = 0; position < Slate.Length; position++)
        {
            if (Slate[position].Item == item)
            {
                return position;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public bool Equals(Decision? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}
