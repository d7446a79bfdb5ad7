namespace AptRl.Host.Http.Contracts;

/// <summary>What became of a request's events; the counts add up to the number of results.</summary>
/// <param name="Results">One for each event, in the order they were sent.</param>
internal sealed record EventsAnswer(
    int Accepted, int Duplicate, int Late, int Rejected, int Busy, IReadOnlyList<EventResult> Results);

/// <summary>What became of one event.</summary>
/// <param name="Line">Its line or its place in the array, from 1; blank lines count. Absent for a reward.</param>
/// <param name="Id">Its id; absent where it could not be read.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c>, <c>late</c>, <c>rejected</c> or <c>busy</c> (send it again).</param>
/// <param name="RewardsJoined">Rewards that it earned for earlier decisions.</param>
/// <param name="Code">Why it was rejected, for programs.</param>
/// <param name="Reason">Why it was rejected, for people, with the way out.</param>
internal sealed record EventResult(
    long? Line, string? Id, string Status, int? RewardsJoined = null, string? Code = null, string? Reason = null);

/// <summary>An event as it is exported: the same members that POST /v1/events takes.</summary>
internal sealed record EventBody(
    string Id,
    string User,
    string Type,
    DateTimeOffset Time,
    IReadOnlyList<string> Items,
    string? Session = null,
    double? Value = null,
    string? RecommendationId = null,
    int? Position = null,
    string? Query = null);
