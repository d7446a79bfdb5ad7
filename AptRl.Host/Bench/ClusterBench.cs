using AptRl.Actors.Persistence;

namespace AptRl.Host.Bench;

/// <summary>What is done to a cluster under load.</summary>
internal enum ClusterFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One node is killed, and started again later.</summary>
    OneKilled,

    /// <summary>All nodes are stopped and started again, one after another.</summary>
    RollingRestart,

    /// <summary>The database is stopped, and started again later.</summary>
    PostgresStopped,
}

/// <summary>How many nodes a bench has and what is done to them.</summary>
/// <param name="Nodes">How many there are.</param>
/// <param name="Fault">What is done.</param>
/// <param name="At">When, from the beginning of the measurement.</param>
internal sealed record ClusterPlan(int Nodes, ClusterFault Fault, TimeSpan At)
{
    /// <summary>How long a killed node is gone.</summary>
    public static TimeSpan NodeGoneFor { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the database is gone.</summary>
    public static TimeSpan PostgresGoneFor { get; } = TimeSpan.FromSeconds(20);
}

/// <summary>A bench of several nodes over one database: loads all of them, ends some, and balances the ledger.</summary>
internal sealed class ClusterBench(BenchOptions options, ClusterPlan plan, TimeProvider clock)
{
    // Answers that were on their way when the database stopped have come by then.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);

    private long? _answeredWhileAway;

    /// <summary>What was wrong, the first of each kind; empty where nothing was.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>Runs it.</summary>
    /// <param name="nodes">The nodes, ready.</param>
    /// <param name="database">Their database.</param>
    /// <param name="own">The server that has it, where it is the bench's own.</param>
    /// <param name="phase">Tells how far each phase is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<BenchReport> RunAsync(
        NodeProcesses nodes, PostgresOptions database, OwnPostgres? own, Func<string, IProgress<double>> phase, CancellationToken cancellation)
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

        var measuring = load.RunAsync(traffics, measured, options.RatePerSecond, options.Duration, isClimbing: false, phase("measurement"), cancellation);
        if (plan.Fault is not ClusterFault.None)
        {
            await Task.Delay(plan.At, clock, cancellation);
            await DoHarmAsync(nodes, own, ledger, cancellation);
        }

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
            RecoverySeconds = plan.Fault is ClusterFault.None ? null : RecoveryOf(load, plan.At),
            AnsweredWhileAway = _answeredWhileAway,
            Ledger = await JournalLedger.CompareAsync(ledger, store, cancellation),
        };
    }

    private async Task DoHarmAsync(NodeProcesses nodes, OwnPostgres? own, Ledger ledger, CancellationToken cancellation)
    {
        switch (plan.Fault)
        {
            case ClusterFault.OneKilled:
                // The first: it is the oldest and holds the writers, the shards' coordinator and its share of the users.
                await nodes.KillAsync(0);
                await Task.Delay(ClusterPlan.NodeGoneFor, clock, cancellation);
                await nodes.StartAsync(0, cancellation);
                break;
            case ClusterFault.RollingRestart:
                for (var node = nodes.Count - 1; node >= 0; node--)
                {
                    await nodes.StopAsync(node, cancellation);
                    await nodes.StartAsync(node, cancellation);
                }

                break;
            case ClusterFault.PostgresStopped:
                own!.Stop();
                await Task.Delay(OnTheWay, clock, cancellation);
                var before = ledger.Answered;
                await Task.Delay(ClusterPlan.PostgresGoneFor - OnTheWay, clock, cancellation);
                _answeredWhileAway = ledger.Answered - before;
                own.Start();
                break;
        }
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
