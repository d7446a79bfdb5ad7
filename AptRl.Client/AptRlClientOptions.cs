namespace AptRl.Client;

/// <summary>How an <see cref="AptRlClient"/> asks.</summary>
public sealed record AptRlClientOptions
{
    /// <summary>The key, where the server needs one; its scopes are <c>ingest</c> for what is told and <c>recommend</c> for what is asked.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Time for one attempt, until its answer is read to the end. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further attempts after the first. Default 4; 0 for none.</summary>
    public int RetriesMax { get; init; } = 4;

    /// <summary>
    /// Wait before the second attempt, twice as long before each further one, up to <see cref="WaitMax"/>; each is drawn about
    /// that, so that callers which failed together do not come back together. Default 0.2 s.
    /// </summary>
    public TimeSpan WaitFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Longest wait. A server that asks for a longer one by Retry-After is not waited for: the request fails at once and says
    /// how long. Default 10 s.
    /// </summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tells time, for waits and ages.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal AptRlClientOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(AttemptTimeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfNegative(RetriesMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WaitFirst, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(WaitMax, WaitFirst);
        ArgumentNullException.ThrowIfNull(Clock);
        return this;
    }
}
