using System.Diagnostics.Metrics;
using AptRl.Actors.Telemetry;
using AptRl.Host.Replay;
using HdrHistogram;

namespace AptRl.Host.Telemetry;

/// <summary>Gathers how long each stage of the pipeline took, to the microsecond.</summary>
internal sealed class StageRecorder : IDisposable
{
    private const long MicrosecondsMax = 3_600_000_000;

    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, LongConcurrentHistogram> _stages = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();

    /// <summary>Listens from now on.</summary>
    public StageRecorder()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meters.Name && instrument.Name == Meters.StageDuration)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, milliseconds, tags, _) => Record((string)tags[0].Value!, milliseconds));
        _listener.Start();
    }

    /// <summary>Percentiles so far, by stage.</summary>
    public IReadOnlyDictionary<string, StageLatency> Latencies()
    {
        lock (_adding)
        {
            return _stages.ToDictionary(
                pair => pair.Key,
                pair => new StageLatency(At(pair.Value, 50), At(pair.Value, 99), At(pair.Value, 99.9)),
                StringComparer.Ordinal);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Record(string stage, double milliseconds)
    {
        LongConcurrentHistogram? histogram;
        lock (_adding)
        {
            if (!_stages.TryGetValue(stage, out histogram))
            {
                _stages[stage] = histogram = new LongConcurrentHistogram(1, MicrosecondsMax, 3);
            }
        }

        histogram.RecordValue(Math.Clamp((long)(milliseconds * 1_000), 1, MicrosecondsMax));
    }

    private static double At(LongConcurrentHistogram histogram, double percentile)
        => Math.Round(histogram.GetValueAtPercentile(percentile) / 1_000.0, 3);
}
