using AptRl.Actors.Telemetry;
using AptRl.Host.Configuration;
using AptRl.Host.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AptRl.Host.Telemetry;

/// <summary>Our meters, ASP.NET's and the runtime's, for Prometheus at /metrics; and by OTLP, where a collector is named, with spans and log records.</summary>
internal static class TelemetryServices
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const int GrpcPort = 4317;

    // The library's own buckets begin at 5 ms, which says nothing about answers that should take less.
    private static readonly double[] LatencySeconds =
        [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

    private static readonly double[] StageMilliseconds = [0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 100, 250, 500, 1_000, 2_500, 10_000];

    public static void AddAptRlTelemetry(this WebApplicationBuilder builder, ServeOptions options)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? "aptrl", serviceVersion: About.Version))
            .WithMetrics(metrics => metrics
                .AddMeter(HostMetrics.MeterName)
                .AddMeter(Meters.Name)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = LatencySeconds })
                .AddView(Meters.StageDuration, new ExplicitBucketHistogramConfiguration { Boundaries = StageMilliseconds })
                .AddPrometheusExporter());
        if (options.Otlp is { } collector)
        {
            builder.Configuration[Endpoint] = collector;
            builder.Configuration[Protocol] ??= new Uri(collector).Port == GrpcPort ? "grpc" : "http/protobuf";
        }

        // Without a collector nobody listens to spans, and none is made.
        if (builder.Configuration[Endpoint] is { Length: > 0 })
        {
            telemetry
                .WithTracing(tracing => tracing
                    .AddSource(Spans.SourceName)
                    .AddAspNetCoreInstrumentation(web => web.Filter = IsShops))
                .WithLogging(configureBuilder: null, log => (log.IncludeScopes, log.IncludeFormattedMessage) = (true, true))
                .UseOtlpExporter();
        }
    }

    // What a shop asks. Streams last as long as their readers, and probes say nothing.
    private static bool IsShops(HttpContext http)
        => http.Request.Path.StartsWithSegments("/v1") && http.Request.Path != Consoles.Route && !http.Request.Path.Value!.EndsWith("/stream", StringComparison.Ordinal);
}
