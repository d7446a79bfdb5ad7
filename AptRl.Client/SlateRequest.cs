using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptRl.Client;

/// <summary>Asks for a slate for a user.</summary>
/// <remarks>
/// <see cref="RequestId"/> is made once, with the request: sent again, it gets the same decision, and no second one is
/// journalled. So one of these is one page view; make another for the next, and do not copy it by <c>with</c> without a new id.
/// </remarks>
public sealed record SlateRequest
{
    /// <summary>For whom.</summary>
    public required string User { get; init; }

    /// <summary>Where in the shop; the server's first scenario where it is missing.</summary>
    public string? Scenario { get; init; }

    /// <summary>Items wanted; 10 where it is missing.</summary>
    [JsonPropertyName("n")]
    public int? Count { get; init; }

    /// <summary>Show only items of this category.</summary>
    public string? Category { get; init; }

    /// <summary>What may be shown, at most 1,000: the caller's own candidates, to be ranked. The server's where it is missing.</summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>What may not be shown, at most 1,000.</summary>
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>Whether to add candidates, scores and the key of the draw to the answer.</summary>
    public bool Explain { get; init; }

    /// <summary>Makes a repeat known; a UUID of version 7 where none is given.</summary>
    public string RequestId { get; init; } = Identifiers.Next();

    /// <summary>Event time of the page view; the server's now where it is missing.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Free context; the server takes it, and no policy reads it yet.</summary>
    public JsonElement? Context { get; init; }
}
