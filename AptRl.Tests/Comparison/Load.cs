using System.Diagnostics;
using System.Globalization;
using HdrHistogram;

namespace AptRl.Comparison;

/// <summary>What a contestant did in one round.</summary>
/// <param name="PerSecond">Decisions a second.</param>
/// <param name="P50">Half of them took at most so many milliseconds.</param>
/// <param name="P99">99 % of them did.</param>
internal sealed record Round(double PerSecond, double P50, double P99);

/// <summary>Callers that ask, wait for the answer and ask again.</summary>
internal static class Load
{
    private const int UserCount = 2_000;
    private const int CheckEvery = 50;

    /// <summary>Runs a round; every fiftieth answer is compared with the function's own.</summary>
    /// <exception cref="InvalidOperationException">An answer is wrong.</exception>
    public static async Task<Round> RunAsync(IContestant contestant, int callers, TimeSpan duration, int round)
    {
        var histogram = new LongConcurrentHistogram(1, TimeStamp.Minutes(1), 3);
        var clock = Stopwatch.StartNew();
        var asked = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            for (; clock.Elapsed < duration; count++)
            {
                var user = string.Create(CultureInfo.InvariantCulture, $"user-{(caller * 7_919 + count) % UserCount}");
                var request = string.Create(CultureInfo.InvariantCulture, $"{round}-{caller}-{count}");
                var since = Stopwatch.GetTimestamp();
                var slate = await contestant.DecideAsync(user, request);
                histogram.RecordValue(Math.Max(1, Stopwatch.GetTimestamp() - since));
                if (count % CheckEvery == 0 && new Brain(user).Decide(request) is var right && right != slate)
                {
                    throw new InvalidOperationException($"{user} asked {request} and got {slate}, not {right}");
                }
            }

            return count;
        })));
        var milliseconds = 1_000.0 / Stopwatch.Frequency;
        return new Round(asked.Sum() / clock.Elapsed.TotalSeconds, histogram.GetValueAtPercentile(50) * milliseconds, histogram.GetValueAtPercentile(99) * milliseconds);
    }
}
