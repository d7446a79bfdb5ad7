using System.Text.Json;

namespace AptRl.Host.Bench;

/// <summary>What one stream of requests got.</summary>
/// <param name="Offered">Requests a second that were due.</param>
/// <param name="Achieved">Right answers a second, until the last answer.</param>
/// <param name="P50Ms">Half of the answers took no longer, counted from when the request was due.</param>
/// <param name="P90Ms">90 % of the answers took no longer.</param>
/// <param name="P99Ms">99 % of the answers took no longer.</param>
/// <param name="P999Ms">99.9 % of the answers took no longer.</param>
/// <param name="Errors">Wrong answers and unanswered requests, those of the warm-up too.</param>
internal sealed record StreamReport(double Offered, double Achieved, double P50Ms, double P90Ms, double P99Ms, double P999Ms, long Errors)
{
    public static StreamReport Of(LatencyLog log, LatencyLog warmUp, double offered, TimeSpan elapsed) => new(
        offered,
        Math.Round(log.Right / elapsed.TotalSeconds, 1),
        log.Milliseconds(50),
        log.Milliseconds(90),
        log.Milliseconds(99),
        log.Milliseconds(99.9),
        log.Wrong + warmUp.Wrong);
}

/// <summary>The result of a bench. Its JSON is relied on by other programs.</summary>
/// <param name="Recommend">The recommendations.</param>
/// <param name="Ingest">The events.</param>
/// <param name="PeakMemoryMb">The most memory that the server's process had resident, in MiB; null where it is not known.</param>
internal sealed record BenchReport(StreamReport Recommend, StreamReport Ingest, double? PeakMemoryMb)
{
    /// <summary>How long a reward takes to change another user's policy; null where it was not measured.</summary>
    public RewardReport? RewardToPolicyMs { get; init; }

    /// <summary>What learning costs; null where it was not measured.</summary>
    public LearnerCost? Learner { get; init; }

    /// <summary>Nodes of the cluster; null where one server alone was measured.</summary>
    public int? Nodes { get; init; }

    /// <summary>Whether callers were told what the journals say; null where one server alone was measured.</summary>
    public LedgerReport? Ledger { get; init; }

    /// <summary>Events and decisions that were answered as durable while the database was stopped; null where it was not. Above 0 is wrong.</summary>
    public long? AnsweredWhileAway { get; init; }

    /// <summary>From when the fault began until 99 % of the requests of each second took no longer than before; null where none was.</summary>
    public double? RecoverySeconds { get; init; }

    /// <summary>Times that a request was sent again, as a client does; null where one server alone was measured.</summary>
    public long? Repeats { get; init; }

    /// <summary>What open dashboards cost; null where it was not measured.</summary>
    public DashboardCost? Dashboard { get; init; }

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public long Errors => Recommend.Errors + Ingest.Errors + (Dashboard?.Errors ?? 0);

    public string ToJson() => JsonSerializer.Serialize(new { Recommend, Ingest, PeakMemoryMb, RewardToPolicyMs, Learner, Dashboard, Nodes, Ledger, RecoverySeconds, AnsweredWhileAway, Repeats }, Readable);
}
