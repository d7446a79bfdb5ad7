namespace AptRl.Host.Http.Contracts;

/// <summary>Whether the process lives, or may be sent requests.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
internal sealed record HealthAnswer(string Status, IReadOnlyList<HealthCheckBody> Checks);

/// <summary>One check.</summary>
internal sealed record HealthCheckBody(string Name, string Status, string? Description);
