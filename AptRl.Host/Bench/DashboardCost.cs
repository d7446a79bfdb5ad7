using AptRl.Host.Commands;

namespace AptRl.Host.Bench;

/// <summary>What open dashboards cost: the server's throughput with them and without, round by round in turn.</summary>
/// <param name="Streams">Event streams that were open.</param>
/// <param name="Pairs">Rounds with, and as many without.</param>
/// <param name="Without">Right answers a second without, the median round.</param>
/// <param name="With">Right answers a second with, the median round.</param>
/// <param name="Ratio">With to without, the median pair of neighbouring rounds.</param>
/// <param name="Low">The lowest pair.</param>
/// <param name="High">The highest pair.</param>
/// <param name="WithoutMs">Processor time of the server for an answer without, in milliseconds, the median round.</param>
/// <param name="WithMs">The same with.</param>
/// <param name="ProcessorRatio">With to without, the median pair: other work on the machine is in it least.</param>
/// <param name="BytesPerSecond">That a stream brought.</param>
/// <param name="Errors">Wrong answers and requests without one.</param>
internal sealed record DashboardCost(
    int Streams, int Pairs, double Without, double With, double Ratio, double Low, double High,
    double WithoutMs, double WithMs, double ProcessorRatio, double BytesPerSecond, long Errors)
{
    /// <summary>Pairs of rounds. An odd number, so that the median is one of them.</summary>
    public const int PairCount = 9;

    /// <summary>Measures it on a server that is warm. Which of a pair comes first changes with each pair: a machine that slows down favours neither.</summary>
    /// <param name="server">Filled and warm.</param>
    /// <param name="options">The shop; <see cref="BenchOptions.Duration"/> is the time of all rounds of one kind.</param>
    /// <param name="streams">Event streams to open.</param>
    /// <param name="processorTime">Of the server, so far.</param>
    /// <exception cref="UserErrorException">The streams brought nothing, so that nothing was measured.</exception>
    public static async Task<DashboardCost> MeasureAsync(
        Uri server, BenchOptions options, int streams, Func<TimeSpan> processorTime, IProgress<double>? progress, TimeProvider clock, CancellationToken cancellation)
    {
        var (shop, clicks, log) = (new BenchShop(options.Users, options.Catalogue), new Clicks(), new LatencyLog());

        // Other events than those of the open load, whose ids are known already.
        var other = options with { Seed = options.Seed + 1_000_003 };
        using var load = new ClosedLoad(server, [new RecommendTraffic(shop, other, clicks), new EventTraffic(shop, other, clicks, clock)], log, clock);
        var round = options.Duration / PairCount;
        var (with, without, bytes) = (new Round[PairCount], new Round[PairCount], 0L);

        // What a stream does for the first time, it compiles.
        await using (DashboardStreams.Open(server, streams))
        {
            await load.RunAsync(round, cancellation);
        }

        for (var pair = 0; pair < PairCount; pair++)
        {
            foreach (var isOpen in pair % 2 == 0 ? (bool[])[false, true] : [true, false])
            {
                if (!isOpen)
                {
                    without[pair] = await RunAsync();
                    continue;
                }

                await using var open = DashboardStreams.Open(server, streams);
                with[pair] = await RunAsync();
                bytes += open.Bytes;
            }

            progress?.Report((pair + 1d) / PairCount);
        }

        if (bytes == 0)
        {
            throw new UserErrorException("the dashboard's event streams brought nothing: AptRl:StreamsMax may be too small for --dashboard");
        }

        double[] ratios = [.. with.Zip(without, (one, other) => one.PerSecond / other.PerSecond).Order()];
        return new DashboardCost(
            streams, PairCount, Math.Round(Median(without.Select(its => its.PerSecond)), 1), Math.Round(Median(with.Select(its => its.PerSecond)), 1),
            Math.Round(ratios[PairCount / 2], 3), Math.Round(ratios[0], 3), Math.Round(ratios[^1], 3),
            Math.Round(Median(without.Select(its => its.Milliseconds)), 4), Math.Round(Median(with.Select(its => its.Milliseconds)), 4),
            Math.Round(Median(with.Zip(without, (one, other) => one.Milliseconds / other.Milliseconds)), 3),
            Math.Round(bytes / options.Duration.TotalSeconds / streams), log.Wrong);

        async Task<Round> RunAsync()
        {
            var (right, spent) = (log.Right, processorTime());
            var perSecond = await load.RunAsync(round, cancellation);
            return new Round(perSecond, (processorTime() - spent).TotalMilliseconds / (log.Right - right));
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(PairCount / 2);

    private readonly record struct Round(double PerSecond, double Milliseconds);
}
