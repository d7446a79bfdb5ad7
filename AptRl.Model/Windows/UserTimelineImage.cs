using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>One outbox of a timeline, at rest.</summary>
/// <param name="Scenario">For whose learner.</param>
/// <param name="Next">Number of the next lesson.</param>
/// <param name="Settled">Highest settled number.</param>
/// <param name="Lessons">Lessons above it.</param>
public sealed record OutboxImage(ScenarioId Scenario, long Next, long Settled, ImmutableArray<Lesson> Lessons);

/// <summary>A timeline at rest: what a snapshot holds.</summary>
/// <param name="User">Whose.</param>
/// <param name="Touches">The window.</param>
/// <param name="EventIds">Remembered ids, oldest first.</param>
/// <param name="Decisions">Remembered decisions, oldest first.</param>
/// <param name="Outboxes">Lessons on their way.</param>
/// <param name="NewestAt">Event time of the newest interaction.</param>
/// <param name="Session">The shop's session id, where it named one.</param>
/// <param name="Sessions">Sessions so far.</param>
/// <param name="Accepted">Interactions accepted so far.</param>
/// <param name="RewardsJoined">Rewards joined so far.</param>
/// <param name="DecisionCount">Decisions so far.</param>
public sealed record UserTimelineImage(
    UserId User,
    ImmutableArray<Touch> Touches,
    ImmutableArray<EventId> EventIds,
    ImmutableArray<RememberedDecision> Decisions,
    ImmutableArray<OutboxImage> Outboxes,
    DateTimeOffset? NewestAt,
    string? Session,
    long Sessions,
    long Accepted,
    long RewardsJoined,
    long DecisionCount);
