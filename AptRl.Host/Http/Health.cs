using System.Text.Json;
using AptRl.Host.Access;
using AptRl.Host.Http.Contracts;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AptRl.Host.Http;

/// <summary>Whether the process lives, and whether it may be sent requests. Open to all: an orchestrator has no key.</summary>
internal static class Health
{
    /// <summary>Tag of the checks that decide about readiness.</summary>
    public const string Ready = "ready";

    public static void MapHealth(this WebApplication app)
    {
        // Alive is who answers at all; a restart cures nothing that a check could find.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).NeedsNoKey();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync }).NeedsNoKey();
    }

    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json";
        var answer = new HealthAnswer(NameOf(report.Status),
            [.. report.Entries.Select(entry => new HealthCheckBody(entry.Key, NameOf(entry.Value.Status), entry.Value.Description))]);
        return JsonSerializer.SerializeAsync(http.Response.Body, answer, WireJson.Web.HealthAnswer, http.RequestAborted);
    }

    private static string NameOf(HealthStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
