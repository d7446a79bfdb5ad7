using System.Collections.Concurrent;
using HdrHistogram;

namespace AptRl.Host.Bench;

/// <summary>What came of one stream of requests. Every answer's latency is in it, a wrong answer's too.</summary>
internal sealed class LatencyLog
{
    private const int FaultsKept = 5;
    private const int Digits = 3;
    private static readonly long MicrosecondsMax = (long)TimeSpan.FromMinutes(5).TotalMicroseconds;

    private readonly LongConcurrentHistogram _microseconds = new(1, MicrosecondsMax, Digits);
    private readonly ConcurrentQueue<string> _faults = new();
    private long _right;
    private long _wrong;

    /// <summary>Answers that were right.</summary>
    public long Right => Interlocked.Read(ref _right);

    /// <summary>Answers that were wrong, and requests without one.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>The first things that were wrong.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public void Answered(TimeSpan latency, string? fault)
    {
        _microseconds.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, MicrosecondsMax));
        if (fault is null)
        {
            Interlocked.Increment(ref _right);
        }
        else
        {
            Failed(fault);
        }
    }

    public void Failed(string fault)
    {
        Interlocked.Increment(ref _wrong);
        if (_faults.Count < FaultsKept)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <summary>The latency that this percentage of answers did not exceed; 0 where there was none.</summary>
    public double Milliseconds(double percentile)
        => _microseconds.TotalCount == 0 ? 0 : Math.Round(_microseconds.GetValueAtPercentile(percentile) / 1_000d, 3);
}
