using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AptRl.Actors.Clustering;

namespace AptRl.Actors.Telemetry;

/// <summary>A step on the way of an event or a request that is timed.</summary>
public enum Stage
{
    /// <summary>From an event's arrival at its user to its answer: journal, and the learner's where it carries a reward.</summary>
    Observe,

    /// <summary>From a window's arrival at the encoder to its state.</summary>
    Encode,

    /// <summary>Candidates, filters, scores and draw.</summary>
    Decide,

    /// <summary>Writing a decision to the journal.</summary>
    Journal,

    /// <summary>From a request's arrival at its user to its durable decision.</summary>
    Recommend,

    /// <summary>From a lesson's arrival at the learner to its being durable.</summary>
    Learn,

    /// <summary>Solving and publishing a policy.</summary>
    Publish,
}

/// <summary>A buffer whose fill is told.</summary>
public enum Backlog
{
    /// <summary>Windows that wait for the encoder.</summary>
    Encoder,

    /// <summary>Lessons that wait for a learner's journal.</summary>
    Learner,
}

/// <summary>The measurements that the pipeline takes of itself, under the meter <see cref="Name"/>.</summary>
public static class Meters
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AptRl.Pipeline";

    /// <summary>Name of the histogram of stages, in milliseconds, with the tag <c>stage</c>.</summary>
    public const string StageDuration = "aptrl.stage.duration";

    /// <summary>Name of the counter of messages that a full buffer turned away, with the tag <c>buffer</c>.</summary>
    public const string RefusedName = "aptrl.refused";

    /// <summary>Name of the counter of what slow readers of a stream missed.</summary>
    public const string MissedName = "aptrl.stream.missed";

    /// <summary>Name of the gauge of how old a policy may be, in seconds, with the tag <c>scenario</c>; in a cluster only.</summary>
    public const string PolicyAgeName = "aptrl.policy.age";

    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(StageDuration, "ms", "Time that a stage of the pipeline took");
    private static readonly Counter<long> MissedCount = Meter.CreateCounter<long>(MissedName, description: "Decisions that slow consumers of the stream missed");
    private static readonly Counter<long> RefusedCount = Meter.CreateCounter<long>(RefusedName, description: "Messages that a full buffer turned away, by buffer");
    private static readonly Counter<long> StaleCount = Meter.CreateCounter<long>("aptrl.policy.stale", description: "Decisions by a policy older than the bound");
    private static readonly Counter<long> GapCount = Meter.CreateCounter<long>("aptrl.replica.gaps", description: "Times that a replica read from the journal what it had missed");
    private static readonly Counter<long> RetiredCount = Meter.CreateCounter<long>("aptrl.users.retired", description: "Users who were deleted since nothing was written of them for long");
    private static readonly ConcurrentDictionary<(string Scenario, PolicyAge Age), byte> Ages = [];
    private static readonly int[] Depths = new int[Enum.GetValues<Backlog>().Length];
    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. Enum.GetNames<Stage>().Select(name => KeyValuePair.Create("stage", (object?)name.ToLowerInvariant()))];

    static Meters()
    {
        Meter.CreateObservableGauge("aptrl.backlog", ObserveDepths, description: "Messages that wait in a buffer, by buffer");
        Meter.CreateObservableGauge(PolicyAgeName, ObserveAges, "s", "Time since this node was last known to be level with a policy's writer, by scenario");
    }

    /// <summary>How many wait in a buffer of this process now, as last told.</summary>
    public static int Waiting(Backlog backlog) => Volatile.Read(ref Depths[(int)backlog]);

    /// <summary>Tells how many wait in a buffer.</summary>
    public static void Wait(Backlog backlog, int count) => Volatile.Write(ref Depths[(int)backlog], count);

    /// <summary>Records that a stage began at <paramref name="since"/> (<see cref="Stopwatch.GetTimestamp"/>) and ends now.</summary>
    public static void Took(Stage stage, long since)
        => Durations.Record(Stopwatch.GetElapsedTime(since).TotalMilliseconds, Tags[(int)stage]);

    /// <summary>Counts decisions that a slow consumer missed.</summary>
    public static void Missed(long count) => MissedCount.Add(count);

    /// <summary>Counts a message that a full buffer turned away.</summary>
    public static void Refused(string buffer) => RefusedCount.Add(1, KeyValuePair.Create("buffer", (object?)buffer));

    /// <summary>Counts a decision by a policy older than the bound.</summary>
    public static void DecidedStale() => StaleCount.Add(1);

    /// <summary>Counts that a replica had missed something.</summary>
    public static void ReadGap() => GapCount.Add(1);

    /// <summary>Counts users who were deleted for their silence.</summary>
    public static void Retired(int count) => RetiredCount.Add(count);

    /// <summary>Tells the age of a scenario's policy from now on, until what is returned is disposed.</summary>
    public static IDisposable Tell(string scenario, PolicyAge age)
    {
        Ages[(scenario, age)] = 0;
        return new Untold(scenario, age);
    }

    private static IEnumerable<Measurement<double>> ObserveAges()
        => Ages.Keys.Select(told => new Measurement<double>(told.Age.Now.TotalSeconds, KeyValuePair.Create("scenario", (object?)told.Scenario)));

    private sealed class Untold(string scenario, PolicyAge age) : IDisposable
    {
        public void Dispose() => Ages.TryRemove((scenario, age), out _);
    }

    private static IEnumerable<Measurement<int>> ObserveDepths()
        => Enum.GetValues<Backlog>().Select(backlog => new Measurement<int>(
            Waiting(backlog), KeyValuePair.Create("backlog", (object?)backlog.ToString().ToLowerInvariant())));
}
