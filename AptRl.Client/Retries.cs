using System.Security.Cryptography;
using Polly;
using Polly.Retry;

namespace AptRl.Client;

/// <summary>When a request is sent again, and how long is waited before.</summary>
/// <remarks>
/// By Polly: exponential waits with its jitter ("decorrelated" in the sense of Brooker 2015). What the server asked for by
/// Retry-After is never cut short: a random part of the first wait is added to it, and where it is longer than
/// <see cref="AptRlClientOptions.WaitMax"/> nothing is waited for. Everything that is sent may be sent again without counting
/// twice, because it carries its id from the first attempt on.
/// </remarks>
internal static class Retries
{
    public static ResiliencePipeline Of(AptRlClientOptions options, int retriesMax, Func<AptRlException, bool> isWorthIt)
        => retriesMax == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = options.Clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = retriesMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.WaitFirst,
                MaxDelay = options.WaitMax,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is AptRlException error && isWorthIt(error) && !(error.RetryAfter > options.WaitMax)),
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is AptRlException { RetryAfter: { } after } ? after + Part(options.WaitFirst) : (TimeSpan?)null),
            })
            .Build();

    private static TimeSpan Part(TimeSpan whole) => TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)whole.TotalMilliseconds + 1));
}
