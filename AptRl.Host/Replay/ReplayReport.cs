using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptRl.Host.Replay;

/// <summary>Events of a replay. Accepted and what follows from it are counted from what is durable, so a crash changes nothing.</summary>
internal sealed record ReplayEvents(long Read, long Accepted, long Duplicate, long Late, long Rejected);

/// <summary>Percentiles of a stage in milliseconds.</summary>
internal sealed record StageLatency(double P50, double P99, double P999);

/// <summary>What a replay did. The names are a contract with other programs.</summary>
internal sealed record ReplayReport(
    ReplayEvents Events,
    long Decisions,
    long RewardsJoined,
    long PolicyUpdates,
    double Seconds,
    double EventsPerSecond,
    double PeakMemoryMb,
    IReadOnlyDictionary<string, StageLatency> LatencyMs,
    string WindowsHash,
    string PolicyHash)
{
    public string ToJson() => JsonSerializer.Serialize(this, ReplayJson.Default.ReplayReport);
}

/// <summary>The JSON of replay and its verification.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class ReplayJson : JsonSerializerContext;

/// <summary>One value as it is rebuilt from the journal and as it is recovered or was reported.</summary>
internal sealed record Comparison(string What, string Rebuilt, string Live, string? Reported)
{
    public bool IsEqual => Rebuilt == Live && (Reported is null || Reported == Rebuilt);
}

/// <summary>What a verification found.</summary>
internal sealed record VerifyReport(bool Verified, double Seconds, IReadOnlyList<Comparison> Comparisons);
