using System.Globalization;
using System.Threading.RateLimiting;
using AptRl.Host.Configuration;
using Microsoft.AspNetCore.RateLimiting;

namespace AptRl.Host.Http;

/// <summary>How much is taken on at once; what is beyond it gets 429 with Retry-After and costs next to nothing.</summary>
internal static class Limits
{
    /// <summary>Streams stay open: they have a bound of their own, and take no place among the requests in flight.</summary>
    public const string Streams = "streams";

    /// <summary>Operators have a bound of their own too: they come when everything else is full.</summary>
    public const string Operators = "operators";

    /// <summary>Commands of operators under way at most.</summary>
    public const int OperatorsMax = 16;

    public static void AddAptRlLimits(this IServiceCollection services, ServeOptions options) => services.AddRateLimiter(limiter =>
    {
        var inFlight = PartitionedRateLimiter.Create<HttpContext, string>(http => IsRequest(http)
            ? RateLimitPartition.GetConcurrencyLimiter("in flight", _ => new() { PermitLimit = options.RequestsInFlightMax })
            : RateLimitPartition.GetNoLimiter(""));
        var perSecond = PartitionedRateLimiter.Create<HttpContext, string>(http => IsRequest(http) && options.RequestsPerSecondMax > 0
            ? RateLimitPartition.GetTokenBucketLimiter("per second", _ => new()
            {
                TokenLimit = options.RequestsPerSecondMax,
                TokensPerPeriod = options.RequestsPerSecondMax,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            })
            : RateLimitPartition.GetNoLimiter(""));

        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(inFlight, perSecond);
        limiter.AddPolicy(Streams, _ => RateLimitPartition.GetConcurrencyLimiter(Streams, _ => new() { PermitLimit = options.StreamsMax }));
        limiter.AddPolicy(Operators, _ => RateLimitPartition.GetConcurrencyLimiter(Operators, _ => new() { PermitLimit = OperatorsMax }));
        limiter.OnRejected = OnRejected;
    });

    private static ValueTask OnRejected(OnRejectedContext context, CancellationToken cancellation)
    {
        var after = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.HttpContext.Response.Headers.RetryAfter = seconds;
        return new ValueTask(Problems.WriteAsync(context.HttpContext, StatusCodes.Status429TooManyRequests, "too_many_requests",
            $"more requests than the server takes at once: send it again after {seconds} s"));
    }

    private static bool IsRequest(HttpContext http)
        => http.Request.Path.StartsWithSegments("/v1") && http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is not { PolicyName: Streams or Operators };
}
