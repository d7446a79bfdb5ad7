namespace AptRl.Client;

/// <summary>What a shopper did about a recommendation: to which of its items, by <see cref="ItemId"/> or by <see cref="Position"/>.</summary>
public sealed record Reward
{
    /// <summary>What was done: <see cref="EventTypes.SelectItem"/>, <see cref="EventTypes.AddToCart"/>, <see cref="EventTypes.Purchase"/>, <see cref="EventTypes.Dismiss"/> and so on.</summary>
    public required string Type { get; init; }

    /// <summary>To which item of the slate.</summary>
    public string? ItemId { get; init; }

    /// <summary>To which position of the slate, from 0.</summary>
    public int? Position { get; init; }

    /// <summary>Money of a purchase.</summary>
    public double? Value { get; init; }

    /// <summary>When; the server's now where it is missing.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>
    /// Makes a repeat known. Where it is missing the server derives one from recommendation, type and position: a double
    /// click counts once, however it came about.
    /// </summary>
    public string? Id { get; init; }
}
