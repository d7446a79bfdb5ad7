using AptRl.Actors.Persistence;

namespace AptRl.Host.Bench;

/// <summary>What happens to the nodes of a bench.</summary>
/// <param name="Nodes">How many there are.</param>
/// <param name="KillAfter">When one is killed, from the beginning of the measurement; null for not at all.</param>
/// <param name="IsRolling">Whether all are stopped and started again, one after another, from a quarter of the measurement on.</param>
internal sealed record ClusterPlan(int Nodes, TimeSpan? KillAfter, bool IsRolling)
{
    /// <summary>How long a killed node is gone.</summary>
    public static TimeSpan GoneFor { get; } = TimeSpan.FromSeconds(15);
}

/// <summary>A bench of several nodes over one database: loads all of them, ends some, and balances the ledger.</summary>
internal sealed class ClusterBench(BenchOptions options, ClusterPlan plan, TimeProvider clock)
{
    /// <summary>What was wrong, the first of each kind; empty where nothing was.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>Runs it.</summary>
    /// <param name="nodes">The nodes, ready.</param>
    /// <param name="database">Their database.</param>
    /// <param name="phase">Tells how far each phase is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<BenchReport> RunAsync(NodeProcesses nodes, PostgresOptions database, Func<string, IProgress<double>> phase, CancellationToken cancellation)
    {
        var run = new BenchRun(nodes.AddressOf(0), options, clock);
        await run.FillCatalogueAsync(phase("catalogue"), cancellation);

        var shop = new BenchShop(options.Users, options.Catalogue);
        var clicks = new Clicks();
        var ledger = new Ledger();
        ITraffic[] traffics = [new RecommendTraffic(shop, options, clicks), new EventTraffic(shop, options, clicks, clock)];
        LatencyLog[] warmUp = [new(), new()];
        LatencyLog[] measured = [new(), new()];
        using var load = new LedgerLoad([.. Enumerable.Range(0, nodes.Count).Select(nodes.AddressOf)], ledger, clock);
        await load.RunAsync(traffics, warmUp, options.RatePerSecond, options.WarmUp, isClimbing: true, phase("warm-up"), cancellation);

        var since = clock.GetTimestamp();
        var measuring = load.RunAsync(traffics, measured, options.RatePerSecond, options.Duration, isClimbing: false, phase("measurement"), cancellation);
        var ended = await EndSomeAsync(nodes, since, cancellation);
        var elapsed = await measuring;
        Faults = [.. warmUp.Concat(measured).SelectMany(log => log.Faults)];

        using var store = new PostgresStore(database.Shared, Durability.PowerCut);
        return new BenchReport(
            StreamReport.Of(measured[0], warmUp[0], options.RatePerSecond, elapsed),
            StreamReport.Of(measured[1], warmUp[1], options.RatePerSecond, elapsed),
            nodes.PeakMemoryMb())
        {
            Nodes = plan.Nodes,
            Repeats = load.Repeats,
            RecoverySeconds = ended is { } at ? RecoveryOf(load, at) : null,
            Ledger = await JournalLedger.CompareAsync(ledger, store, cancellation),
        };
    }

    private async Task<TimeSpan?> EndSomeAsync(NodeProcesses nodes, long since, CancellationToken cancellation)
    {
        if (plan.KillAfter is { } killAfter)
        {
            // The first: it is the oldest and holds the writers, the shards' coordinator and its share of the users.
            await Task.Delay(killAfter, clock, cancellation);
            var at = clock.GetElapsedTime(since);
            await nodes.KillAsync(0);
            await Task.Delay(ClusterPlan.GoneFor, clock, cancellation);
            await nodes.StartAsync(0, cancellation);
            return at;
        }

        if (!plan.IsRolling)
        {
            return null;
        }

        await Task.Delay(options.Duration / 4, clock, cancellation);
        var began = clock.GetElapsedTime(since);
        for (var node = nodes.Count - 1; node >= 0; node--)
        {
            await nodes.StopAsync(node, cancellation);
            await nodes.StartAsync(node, cancellation);
        }

        return began;
    }

    // Normal is what it was: the second worst of the seconds before, since the worst of some is chance.
    private double RecoveryOf(LedgerLoad load, TimeSpan at)
    {
        var end = (int)at.TotalSeconds;
        var before = Enumerable.Range(0, end).Select(load.P99Of).OrderDescending().Take(2).LastOrDefault();
        var normal = Math.Max(before, NormalMillisecondsMin);
        var bad = Enumerable.Range(end, Math.Max(0, (int)options.Duration.TotalSeconds - end)).Where(second => load.P99Of(second) > normal).DefaultIfEmpty(end - 1).Max();
        return Math.Round(Math.Max(0, bad + 1 - at.TotalSeconds), 1);
    }

    // Below it a difference is of no interest to a shopper.
    private const double NormalMillisecondsMin = 250;
}
