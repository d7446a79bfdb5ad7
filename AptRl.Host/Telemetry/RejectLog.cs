using AptRl.Model.Ingest;

namespace AptRl.Host.Telemetry;

/// <summary>An event, or a whole body, that was not taken.</summary>
/// <param name="At">When, by the server's clock.</param>
/// <param name="Code">Why, for programs.</param>
/// <param name="Reason">Why, with the way out.</param>
/// <param name="Line">Its place in the body; null where the body itself was at fault.</param>
/// <param name="Text">The beginning of what was sent; null where nothing could be read.</param>
internal sealed record RejectedEvent(DateTimeOffset At, string Code, string Reason, long? Line, string? Text);

/// <summary>The newest rejects, readable, and how many there were by code. Safe for use by several threads at once.</summary>
internal sealed class RejectLog(TimeProvider clock)
{
    /// <summary>Rejects kept; the oldest goes.</summary>
    public const int CountMax = 100;

    private readonly Lock _gate = new();
    private readonly Queue<RejectedEvent> _newest = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(Rejected rejected) => Add(rejected.Code, rejected.Reason, rejected.Line, rejected.Text);

    /// <param name="code">One of a known set: they are counted apart.</param>
    public void Add(string code, string reason, long? line, string? text)
    {
        lock (_gate)
        {
            _counts[code] = _counts.GetValueOrDefault(code) + 1;
            _newest.Enqueue(new RejectedEvent(clock.GetUtcNow(), code, reason, line, text));
            if (_newest.Count > CountMax)
            {
                _newest.Dequeue();
            }
        }
    }

    /// <summary>Counts by code since the start, and the newest first.</summary>
    public (IReadOnlyList<KeyValuePair<string, long>> Counts, IReadOnlyList<RejectedEvent> Newest) Read(int count)
    {
        lock (_gate)
        {
            return ([.. _counts], [.. _newest.Reverse().Take(count)]);
        }
    }
}
