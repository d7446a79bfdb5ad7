namespace AptRl.Client;

/// <summary>What a shopper did, as it is sent to <c>POST /v1/events</c>.</summary>
/// <remarks>
/// <see cref="Id"/> is made once, with the event: however often the event is sent, by this client or by its caller, it
/// counts once. A copy made by <c>with</c> has the same id; give it another one if it is another event.
/// </remarks>
public sealed record ShopEvent
{
    /// <summary>Makes a repeat known; a UUID of version 7 where none is given.</summary>
    public string Id { get; init; } = Identifiers.Next();

    /// <summary>What was done: one of <see cref="EventTypes"/>, or a name that the server takes for one.</summary>
    public required string Type { get; init; }

    /// <summary>Who did it.</summary>
    public required string User { get; init; }

    /// <summary>When it was done, which is not when it is sent.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>To which items; at most 200.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>The shop's own session id.</summary>
    public string? Session { get; init; }

    /// <summary>Money of a purchase, or the rating of a review.</summary>
    public double? Value { get; init; }

    /// <summary>The recommendation that it came of, where it is known: what it earns is then credited to that one.</summary>
    public string? RecommendationId { get; init; }

    /// <summary>Its position in that slate, from 0.</summary>
    public int? Position { get; init; }

    /// <summary>Text of a search.</summary>
    public string? Query { get; init; }
}
