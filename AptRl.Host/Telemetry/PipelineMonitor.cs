using System.Diagnostics.Metrics;
using AptRl.Actors.Telemetry;

namespace AptRl.Host.Telemetry;

/// <summary>Watches the pipeline's own measurements and keeps the last minute of them, second by second.</summary>
internal sealed class PipelineMonitor : BackgroundService
{
    /// <summary>Seconds kept.</summary>
    public const int SecondsMax = 60;

    private static readonly Stage[] AllStages = Enum.GetValues<Stage>();
    private static readonly Dictionary<string, Stage> ByName = AllStages.ToDictionary(stage => stage.ToString().ToLowerInvariant());

    private readonly MeterListener _listener = new();
    private readonly StageClock[] _clocks = [.. AllStages.Select(_ => new StageClock())];
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<PipelineSecond> _seconds = new();
    private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private long _missed;

    public PipelineMonitor(TimeProvider time)
    {
        _time = time;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meters.Name && instrument is Histogram<double> or Counter<long>)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, milliseconds, tags, _) =>
        {
            if (instrument.Name == Meters.StageDuration)
            {
                _clocks[(int)ByName[(string)tags[0].Value!]].Record(milliseconds);
            }
        });
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) => Count(instrument.Name, count, tags));
        _listener.Start();
    }

    /// <summary>The last minute, oldest second first, and the counts since the start.</summary>
    public PipelineReading Read()
    {
        lock (_gate)
        {
            return new PipelineReading(
                [.. _seconds], [.. AllStages.Select(stage => KeyValuePair.Create(stage, _clocks[(int)stage].Total))], [.. _refused], _missed);
        }
    }

    /// <summary>How often a stage was taken in the last whole second.</summary>
    public long RateOf(Stage stage)
    {
        lock (_gate)
        {
            return _seconds.LastOrDefault()?.Stages[(int)stage].Count ?? 0;
        }
    }

    public override void Dispose()
    {
        _listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(tick => tick is { IsCompletedSuccessfully: true, Result: true }, TaskScheduler.Default))
        {
            var second = new PipelineSecond(
                _time.GetUtcNow(), [.. _clocks.Select(clock => clock.Turn())],
                [.. Enum.GetValues<Backlog>().Select(Meters.Waiting)]);
            lock (_gate)
            {
                _seconds.Enqueue(second);
                if (_seconds.Count > SecondsMax)
                {
                    _seconds.Dequeue();
                }
            }
        }
    }

    private void Count(string instrument, long count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            if (instrument == Meters.RefusedName && tags.Length > 0)
            {
                var buffer = (string)tags[0].Value!;
                _refused[buffer] = _refused.GetValueOrDefault(buffer) + count;
            }
            else if (instrument == Meters.MissedName)
            {
                _missed += count;
            }
        }
    }
}

/// <summary>One second of the pipeline.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Stages">By <see cref="Stage"/>.</param>
/// <param name="Backlogs">Messages waiting at its end, by <see cref="Backlog"/>.</param>
internal sealed record PipelineSecond(DateTimeOffset At, IReadOnlyList<StageSecond> Stages, IReadOnlyList<int> Backlogs);

/// <summary>What the monitor holds.</summary>
/// <param name="Seconds">The last minute.</param>
/// <param name="Totals">How often each stage was taken since the start.</param>
/// <param name="Refused">Messages that a full buffer turned away, by buffer.</param>
/// <param name="Missed">Decisions that slow readers of a stream missed.</param>
internal sealed record PipelineReading(
    IReadOnlyList<PipelineSecond> Seconds, IReadOnlyList<KeyValuePair<Stage, long>> Totals,
    IReadOnlyList<KeyValuePair<string, long>> Refused, long Missed);
