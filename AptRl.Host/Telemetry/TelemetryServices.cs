using OpenTelemetry.Metrics;

namespace AptRl.Host.Telemetry;

/// <summary>Our meter, ASP.NET's and the runtime's, for Prometheus at /metrics.</summary>
internal static class TelemetryServices
{
    // The library's own buckets begin at 5 ms, which says nothing about answers that should take less.
    private static readonly double[] LatencySeconds =
        [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

    public static void AddAptRlTelemetry(this IServiceCollection services) => services.AddOpenTelemetry().WithMetrics(metrics => metrics
        .AddMeter(HostMetrics.MeterName)
        .AddAspNetCoreInstrumentation()
        .AddRuntimeInstrumentation()
        .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = LatencySeconds })
        .AddPrometheusExporter());
}
