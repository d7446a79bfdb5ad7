namespace AptRl.Client;

/// <summary>How an <see cref="EventSender"/> gathers and sends.</summary>
public sealed record EventSenderOptions
{
    /// <summary>Events in a request at most; the server's own bound is 1,000 if it was not told otherwise. Default 500.</summary>
    public int BatchMax { get; init; } = 500;

    /// <summary>How long an event waits for others at most, where fewer than <see cref="BatchMax"/> have come. Default 0.5 s.</summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Events waiting at most, beside those of the request under way. At the bound <see cref="EventSender.TryPost"/> refuses and
    /// <see cref="EventSender.SendAsync"/> waits. Default 10,000.
    /// </summary>
    public int WaitingMax { get; init; } = 10_000;

    /// <summary>How long <see cref="EventSender.DisposeAsync"/> goes on sending before it gives up what is left. Default 10 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Told of each event that the server will not have: rejected, late, or given up at the end. Called by the sending loop,
    /// which waits for it. What it throws ends the sender. Null for nobody.
    /// </summary>
    public Action<ShopEvent, EventResult>? NotKept { get; init; }

    internal EventSenderOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchMax);
        ArgumentOutOfRangeException.ThrowIfNegative(AgeMax.Ticks, nameof(AgeMax));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(WaitingMax);
        ArgumentOutOfRangeException.ThrowIfNegative(CloseTimeout.Ticks, nameof(CloseTimeout));
        return this;
    }
}
