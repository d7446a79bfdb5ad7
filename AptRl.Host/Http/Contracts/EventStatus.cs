namespace AptRl.Host.Http.Contracts;

/// <summary>What may become of an event, as the answer says it.</summary>
internal static class EventStatus
{
    public const string Accepted = "accepted";
    public const string Duplicate = "duplicate";
    public const string Late = "late";
    public const string Rejected = "rejected";
    public const string Busy = "busy";
}
