using AptRl.Actors.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AptRl.Host.Http;

/// <summary>Ready is when the scenarios answer: then the journals are open and their policies recovered.</summary>
internal sealed class PersonalizerReady(IPersonalizer personalizer) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var scenarios = await personalizer.ScenariosAsync(cancellationToken);
            return scenarios.FirstOrDefault(scenario => scenario.IsStale) is { } stale
                ? HealthCheckResult.Degraded($"nothing was heard of the writer of scenario '{stale.Id}' for {stale.PolicyAge?.TotalSeconds:0} s: this node decides by what it has")
                : HealthCheckResult.Healthy($"{scenarios.Count} scenarios");
        }
        catch (Exception error) when (error is TimeoutException or Akka.Actor.AskTimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("the scenarios do not answer yet: wait, or see the log for what holds the recovery up");
        }
    }
}
