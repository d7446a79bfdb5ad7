using HdrHistogram;

namespace AptRl.Host.Telemetry;

/// <summary>Times of one stage, second by second. Recording is lock-free; <see cref="Turn"/> is for one thread.</summary>
internal sealed class StageClock
{
    private const long MicrosecondsMax = 60_000_000;
    private const int Digits = 2;

    private LongConcurrentHistogram _recording = new(1, MicrosecondsMax, Digits);
    private LongConcurrentHistogram _spare = new(1, MicrosecondsMax, Digits);

    /// <summary>Times recorded since the start.</summary>
    public long Total { get; private set; }

    public void Record(double milliseconds)
        => Volatile.Read(ref _recording).RecordValue(Math.Clamp((long)(milliseconds * 1_000), 1, MicrosecondsMax));

    /// <summary>What was recorded since the last turn. A time recorded in this very moment may be lost: this is a view, not an account.</summary>
    public StageSecond Turn()
    {
        var past = _recording;
        _spare.Reset();
        Volatile.Write(ref _recording, _spare);
        _spare = past;
        Total += past.TotalCount;
        return past.TotalCount == 0
            ? new StageSecond(0, null, null, null)
            : new StageSecond(past.TotalCount, At(past, 50), At(past, 99), At(past, 100));
    }

    private static double At(LongConcurrentHistogram histogram, double percentile)
        => Math.Round(histogram.GetValueAtPercentile(percentile) / 1_000.0, 3);
}

/// <summary>One second of a stage.</summary>
/// <param name="Count">How often it was taken.</param>
/// <param name="Median">Milliseconds; null where it was not taken.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Max">Milliseconds.</param>
internal sealed record StageSecond(long Count, double? Median, double? P99, double? Max);
