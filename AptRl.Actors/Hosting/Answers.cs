using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Actors.Hosting;

/// <summary>What became of an event.</summary>
public enum ObserveStatus
{
    /// <summary>It is durable, and so is any reward it carried.</summary>
    Accepted = 1,

    /// <summary>Its id was accepted before; nothing changed. What a crash had left unfinished is finished.</summary>
    Duplicate = 2,

    /// <summary>It is older than the allowed lateness; it was kept out of the window.</summary>
    Late = 3,

    /// <summary>A bound was met (the learner or the journal is behind), or a write failed; nothing is known to be kept, send it again later.</summary>
    Busy = 4,

    /// <summary>It breaks a rule, and would again: <see cref="Observed.Code"/> says which.</summary>
    Rejected = 5,
}

/// <summary>The answer to one event.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Status">What became of it.</param>
/// <param name="RewardsJoined">Rewards that this event earned for earlier decisions.</param>
/// <param name="Code">A <see cref="Model.Ingest.RejectCode"/>; null where it was not rejected.</param>
/// <param name="Reason">What is wrong and the way out; null where it was not rejected.</param>
public sealed record Observed(EventId Id, ObserveStatus Status, int RewardsJoined, string? Code = null, string? Reason = null);

/// <summary>What a page view asks for.</summary>
/// <param name="User">For whom.</param>
/// <param name="Scenario">Where in the shop.</param>
/// <param name="RequestId">The caller's id: asked again, it gets the same decision.</param>
/// <param name="At">Event time of the request: now, or the logged time in a replay.</param>
/// <param name="Count">Items wanted, from 1 to the scenario's maximum.</param>
/// <param name="Candidates">The caller's own candidates; empty lets the scenario choose.</param>
/// <param name="Exclude">Items not to show.</param>
/// <param name="Category">Show only items of this category; null for all.</param>
public sealed record RecommendRequest(
    UserId User,
    ScenarioId Scenario,
    string RequestId,
    DateTimeOffset At,
    int Count,
    ImmutableArray<ItemId> Candidates,
    ImmutableArray<ItemId> Exclude,
    string? Category = null)
{
    /// <summary>Candidates or exclusions that one request may name.</summary>
    public const int ItemsMax = 1_000;
}

/// <summary>Why there is no decision.</summary>
public enum Refusal
{
    /// <summary>There is one.</summary>
    None = 0,

    /// <summary>No scenario has this name.</summary>
    UnknownScenario = 1,

    /// <summary>The request is out of the scenario's bounds; the text says which.</summary>
    Invalid = 2,

    /// <summary>A bound was met, or a write failed; ask again later.</summary>
    Busy = 3,
}

/// <summary>The answer to a request for a slate.</summary>
/// <param name="Decision">The decision, durable; null where refused.</param>
/// <param name="Refusal">Why there is none.</param>
/// <param name="Reason">The refusal in words, with the way out.</param>
public sealed record Recommended(Decision? Decision, Refusal Refusal = Refusal.None, string? Reason = null);
