namespace AptRl.Host.Http.Contracts;

/// <summary>What is known of a user.</summary>
/// <param name="Touches">Places taken in the window.</param>
/// <param name="Late">Late events since the last restart.</param>
/// <param name="RecentRecommendations">Recommendations still remembered, oldest first.</param>
internal sealed record UserAnswer(
    string User,
    int Touches,
    long Sessions,
    long Accepted,
    long Late,
    long RewardsJoined,
    long Decisions,
    IReadOnlyList<string> RecentRecommendations,
    string WindowHash);

/// <summary>The window that the encoder sees.</summary>
/// <param name="Touches">Oldest first.</param>
internal sealed record WindowAnswer(string User, string WindowHash, IReadOnlyList<TouchBody> Touches);

/// <summary>One place in a window.</summary>
internal sealed record TouchBody(string EventId, string? ItemId, string Type, DateTimeOffset Time);

/// <summary>The segment that a user belongs to, among users who were here of late.</summary>
/// <param name="Segment">Absent where there are none.</param>
/// <param name="Users">Users that the segments were found from.</param>
/// <param name="Reason">Why there are none.</param>
internal sealed record UserSegmentAnswer(string User, SegmentBody? Segment, int Users, string? Reason);

/// <summary>Users who behave alike.</summary>
/// <param name="Name">What distinguishes them, in words.</param>
/// <param name="Users">How many of them there were.</param>
/// <param name="Share">Of all that the segments were found from.</param>
internal sealed record SegmentBody(string Name, int Users, double Share);

/// <summary>One line of an export: an event that was accepted, or a decision that was made.</summary>
/// <param name="Sequence">Its number in the user's journal, from 1.</param>
internal sealed record ExportLine(long Sequence, EventBody? Event = null, RecommendationAudit? Decision = null);
