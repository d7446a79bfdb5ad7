using System.Text.Json.Serialization;

namespace AptRl.Client;

/// <summary>What became of one event.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status"><see cref="Accepted"/>, <see cref="Duplicate"/>, <see cref="Late"/>, <see cref="Rejected"/> or <see cref="Busy"/>.</param>
/// <param name="RewardsJoined">Rewards that it earned for earlier recommendations.</param>
/// <param name="Code">Why it was rejected, for programs.</param>
/// <param name="Reason">Why it was rejected, for people, with the way out.</param>
public sealed record EventResult(string? Id, string Status, int? RewardsJoined = null, string? Code = null, string? Reason = null)
{
    /// <summary>It is durable.</summary>
    public const string Accepted = "accepted";

    /// <summary>Its id was known: it had been accepted before, and nothing was changed.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>It was too old for the user's window and was kept out.</summary>
    public const string Late = "late";

    /// <summary>It breaks a rule; sent again, it is rejected again.</summary>
    public const string Rejected = "rejected";

    /// <summary>A bound was met and it was not kept: it may be sent again.</summary>
    public const string Busy = "busy";

    /// <summary>Whether the server has it, now or since an earlier attempt.</summary>
    [JsonIgnore]
    public bool IsKept => Status is Accepted or Duplicate;
}
