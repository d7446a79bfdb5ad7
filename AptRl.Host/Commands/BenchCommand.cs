using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AptRl.Actors.Persistence;
using AptRl.Host.Bench;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl bench</c>: how fast the real server answers under a steady load, every answer checked.</summary>
internal static class BenchCommand
{
    private const double RateOfNodes = 50;
    private const double SecondsOfNodes = 60;

    private static readonly BenchOptions Defaults = new();

    private static readonly Option<int?> Nodes = new("--nodes")
    {
        Description = "Measure so many nodes of one cluster over PostgreSQL instead of one server alone, and balance the ledger afterwards.",
    };

    private static readonly Option<double> Rate = new("--rate")
    {
        Description = $"Recommendations a second, and beside them as many events; with --nodes {RateOfNodes} where none are given: nodes, database and load share this machine.",
        DefaultValueFactory = result => result.GetValue(Nodes) is null ? Defaults.RatePerSecond : RateOfNodes,
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = $"How long to measure; with --nodes {SecondsOfNodes} where none are given: a fault and what follows it take their time.",
        DefaultValueFactory = result => result.GetValue(Nodes) is null ? Defaults.Duration.TotalSeconds : SecondsOfNodes,
    };

    private static readonly Option<double> WarmUp = new("--warm-up")
    {
        Description = "Seconds before that in which the rate climbs from nothing; checked, not measured.",
        DefaultValueFactory = _ => Defaults.WarmUp.TotalSeconds,
    };

    private static readonly Option<int> Users = new("--users")
    {
        Description = "Users.",
        DefaultValueFactory = _ => Defaults.Users,
    };

    private static readonly Option<int> Catalogue = new("--catalogue")
    {
        Description = "Items in the catalogue.",
        DefaultValueFactory = _ => Defaults.Catalogue,
    };

    private static readonly Option<int> SlateLength = new("--n")
    {
        Description = "Items in a slate.",
        DefaultValueFactory = _ => Defaults.SlateLength,
    };

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "The same seed sends the same users, items and kinds.",
        DefaultValueFactory = _ => (long)Defaults.Seed,
    };

    private static readonly Option<string?> KillOneAfter = new("--kill-one-after")
    {
        Description = "With --nodes: end one node with kill -9 so many seconds into the measurement, such as 20s, and start it again 15 s later.",
    };

    private static readonly Option<bool> RollingRestart = new("--rolling-restart")
    {
        Description = "With --nodes: stop and start all nodes, one after another, while they are measured.",
    };

    private static readonly Option<string?> StopPostgresAfter = new("--stop-postgres-after")
    {
        Description = "With --nodes: stop the database so many seconds into the measurement, such as 20s, and start it again 20 s later.",
    };

    private static readonly Option<int> Dashboard = new("--dashboard")
    {
        Description = "Then also measure throughput with so many of the dashboard's event streams open and without, in turn, --seconds each; 0 for not.",
        DefaultValueFactory = _ => 0,
    };

    private static readonly Option<FileInfo?> JsonFile = new("--json")
    {
        Description = "File to write the result to, for programs.",
    };

    public static Command Create()
    {
        var command = new Command("bench", "Starts a server with a fresh model in a temporary folder, loads it over HTTP and checks every answer.")
        {
            Rate, Seconds, WarmUp, Users, Catalogue, SlateLength, Seed, Dashboard, Nodes, KillOneAfter, RollingRestart, StopPostgresAfter, StoreSymbols.Postgres, JsonFile,
        }.WithExamples(
            "aptrl bench",
            "aptrl bench --rate 500 --seconds 30 --users 5000 --catalogue 50000 --json bench.json",
            "aptrl bench --seconds 60 --dashboard 8",
            "aptrl bench --nodes 3 --kill-one-after 20s --json kill.json",
            "aptrl bench --nodes 3 --rolling-restart",
            "aptrl bench --nodes 3 --stop-postgres-after 20s");
        command.Subcommands.Add(BenchUsersCommand.Create());
        command.RequireAtLeast(Rate, .1);
        command.RequireAtLeast(Seconds, .1);
        command.RequireAtLeast(WarmUp, .1);
        command.RequireAtLeast(Users, 1);
        command.RequireAtLeast(Catalogue, 1);
        command.RequireAtLeast(SlateLength, 1);
        command.RequireAtLeast(Dashboard, 0);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var options = new BenchOptions
        {
            RatePerSecond = arguments.GetValue(Rate),
            Duration = TimeSpan.FromSeconds(arguments.GetValue(Seconds)),
            WarmUp = TimeSpan.FromSeconds(arguments.GetValue(WarmUp)),
            Users = arguments.GetValue(Users),
            Catalogue = arguments.GetValue(Catalogue),
            SlateLength = arguments.GetValue(SlateLength),
            Seed = (ulong)arguments.GetValue(Seed),
        };
        if (options.SlateLength > options.Catalogue)
        {
            throw new UserErrorException($"--n {options.SlateLength} is above --catalogue {options.Catalogue}: a slate has different items, ask for fewer", Cli.Usage);
        }

        var plan = PlanOf(arguments, options);
        if (plan is null && arguments.GetValue(StoreSymbols.Postgres) is not null)
        {
            throw new UserErrorException($"{StoreSymbols.Postgres.Name} is for nodes of a cluster, one server alone keeps files: give --nodes 1 too", Cli.Usage);
        }

        var (report, faults) = await BenchStage.WithProgressAsync(
            (phases, token) => plan is null ? BenchAsync(options, arguments.GetValue(Dashboard), phases, token) : BenchNodesAsync(options, plan, StoreSymbols.ConnectionString(arguments), phases, token), cancellation);
        var output = arguments.InvocationConfiguration;
        Print(report, options, output.Output);
        if (arguments.GetValue(JsonFile) is { } file)
        {
            await File.WriteAllTextAsync(file.FullName, report.ToJson(), cancellation);
        }

        if (report.Ledger is { } ledger && (ledger.Lost, ledger.Doubled, report.AnsweredWhileAway ?? 0) != (0, 0, 0))
        {
            await output.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"aptrl: the ledger does not balance: {ledger.Lost} lost, {ledger.Doubled} doubled, {report.AnsweredWhileAway ?? 0} answered while the database was stopped"));
            await BenchStage.TellAsync(report.Errors, faults, output.Error);
            return Cli.Failed;
        }

        return await BenchStage.TellAsync(report.Errors, faults, output.Error);
    }

    private static async Task<(BenchReport Report, IReadOnlyList<string> Faults)> BenchAsync(
        BenchOptions options, int streams, Func<string, IProgress<double>> phase, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-bench-");
        try
        {
            var model = BenchStage.MakeModel(options.Catalogue, options.Seed, folder, phase("fresh model"));
            var starting = phase("server");
            await using var server = await ServerProcess.StartAsync(Path.Combine(folder.FullName, "data"), model, TimeProvider.System, cancellation);
            starting.Report(1);

            var run = new BenchRun(server.Address, options, TimeProvider.System);
            await run.FillCatalogueAsync(phase("catalogue"), cancellation);
            var since = TimeProvider.System.GetTimestamp();
            using var probe = new RewardProbe(server.Address);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var probing = probe.RunAsync(TimeProvider.System, over.Token);
            var report = await run.MeasureAsync(phase("warm-up"), phase("measurement"), cancellation);
            await over.CancelAsync();
            await probing;
            var learned = LearnerCost.Of(
                Path.Combine(folder.FullName, "data"), await LessonsAsync(server.Address, cancellation), TimeProvider.System.GetElapsedTime(since));
            var dashboard = streams == 0 ? null
                : await DashboardCost.MeasureAsync(server.Address, options, streams, server.ProcessorTime, phase("dashboard"), TimeProvider.System, cancellation);
            return (
                report with
                {
                    PeakMemoryMb = server.PeakMemoryMb(),
                    RewardToPolicyMs = probe.Report,
                    Learner = learned,
                    Dashboard = dashboard,
                },
                run.Faults);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ClusterPlan? PlanOf(ParseResult arguments, BenchOptions options)
    {
        var faults = new List<(ClusterFault Fault, string Given, TimeSpan At)>();
        if (arguments.GetValue(KillOneAfter) is { } kill)
        {
            faults.Add((ClusterFault.OneKilled, KillOneAfter.Name, SecondsOf(KillOneAfter.Name, kill)));
        }

        if (arguments.GetValue(RollingRestart))
        {
            faults.Add((ClusterFault.RollingRestart, RollingRestart.Name, options.Duration / 4));
        }

        if (arguments.GetValue(StopPostgresAfter) is { } stop)
        {
            faults.Add((ClusterFault.PostgresStopped, StopPostgresAfter.Name, SecondsOf(StopPostgresAfter.Name, stop)));
        }

        if (faults.Count > 1)
        {
            throw new UserErrorException($"{string.Join(" and ", faults.Select(fault => fault.Given))}: one at a time, or nobody could say what a figure comes from", Cli.Usage);
        }

        var (does, given, at) = faults.Count == 0 ? (ClusterFault.None, "", TimeSpan.Zero) : faults[0];
        if (arguments.GetValue(Nodes) is not { } nodes)
        {
            return does is ClusterFault.None ? null : throw new UserErrorException($"{given} is about nodes of a cluster: give --nodes 3 too", Cli.Usage);
        }

        var least = does is ClusterFault.OneKilled or ClusterFault.RollingRestart ? 3 : 1;
        return nodes < least ? throw new UserErrorException($"--nodes {nodes} {given}: give at least {least}".Replace("  ", " ", StringComparison.Ordinal), Cli.Usage)
            : at >= options.Duration ? throw new UserErrorException($"{given} {at.TotalSeconds}s is not before the end of --seconds {options.Duration.TotalSeconds}: measure longer, or begin earlier", Cli.Usage)
            : does is ClusterFault.PostgresStopped && StoreSymbols.ConnectionString(arguments) is not null
                ? throw new UserErrorException($"{given} stops the bench's own database: it does not stop one that is named by --postgres or APTRL_POSTGRES", Cli.Usage)
            : new ClusterPlan(nodes, does, at);
    }

    private static TimeSpan SecondsOf(string option, string given)
        => double.TryParse(given.TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds)
            : throw new UserErrorException($"{option} '{given}' is no time: write it like 20s", Cli.Usage);

    private static async Task<(BenchReport Report, IReadOnlyList<string> Faults)> BenchNodesAsync(
        BenchOptions options, ClusterPlan plan, string? postgres, Func<string, IProgress<double>> phase, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-bench-");
        try
        {
            var model = BenchStage.MakeModel(options.Catalogue, options.Seed, folder, phase("fresh model"));
            var starting = phase("database");
            using var own = postgres is null ? new OwnPostgres(Path.Combine(folder.FullName, "postgres")) : null;
            var database = new PostgresOptions { ConnectionString = own?.ConnectionString ?? $"{postgres};Search Path=aptrl_bench" };
            using (var store = new PostgresStore(database, Durability.PowerCut))
            {
                if (store.HasJournal())
                {
                    throw new UserErrorException($"{store.Name} has a journal already, with which the ledger could not balance: DROP SCHEMA aptrl_bench CASCADE");
                }
            }

            starting.Report(1);
            await using var nodes = await NodeProcesses.StartAsync(plan.Nodes, folder.FullName, model, database.ConnectionString, TimeProvider.System, phase("nodes"), cancellation);
            var bench = new ClusterBench(options, plan, TimeProvider.System);
            return (await bench.RunAsync(nodes, database, own, phase, cancellation), bench.Faults);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> LessonsAsync(Uri server, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server };
        var answer = JsonNode.Parse(await http.GetStringAsync(new Uri("/v1/scenarios", UriKind.Relative), cancellation));
        return answer!["scenarios"]!.AsArray().Sum(scenario => (long)scenario!["lessons"]!);
    }

    private static void Print(BenchReport report, BenchOptions options, TextWriter output)
    {
        var culture = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(culture, $"{options.Duration.TotalSeconds} s, {options.Users} users, {options.Catalogue} items; latency in ms from the moment a request was due"));
        output.WriteLine("            offered/s achieved/s      p50      p90      p99    p99.9   errors");
        foreach (var (name, stream) in new[] { ("recommend", report.Recommend), ("ingest", report.Ingest) })
        {
            output.WriteLine(string.Create(
                culture,
                $"{name,-11} {stream.Offered,9:0.#} {stream.Achieved,10:0.#} {stream.P50Ms,8:0.00} {stream.P90Ms,8:0.00} {stream.P99Ms,8:0.00} {stream.P999Ms,8:0.00} {stream.Errors,8}"));
        }

        if (report.RewardToPolicyMs is { } reward)
        {
            output.WriteLine(string.Create(culture, $"reward to another user's policy: p50 {reward.P50:0.00} ms, p99 {reward.P99:0.00} ms of {reward.Count}, {reward.Errors} errors"));
        }

        if (report.Learner is { } learner)
        {
            output.WriteLine($"learner: {learner}");
        }

        if (report.Ledger is { } ledger)
        {
            output.WriteLine(string.Create(
                culture,
                $"ledger: {ledger.Sent} sent, {ledger.Answered} answered, {ledger.Journalled} journalled, {ledger.Lost} lost, {ledger.Doubled} doubled; {report.Repeats} repeats"));
        }

        if (report.AnsweredWhileAway is { } away)
        {
            output.WriteLine(string.Create(culture, $"answered while the database was stopped: {away}"));
        }

        if (report.RecoverySeconds is { } recovery)
        {
            output.WriteLine(string.Create(culture, $"p99 as before after {recovery:0.0} s"));
        }

        if (report.Dashboard is { } dashboard)
        {
            output.WriteLine(string.Create(
                culture,
                $"dashboard, {dashboard.Streams} streams open: {dashboard.With:0.#} right answers a second, {dashboard.Without:0.#} without; ratio {dashboard.Ratio:0.000} ({dashboard.Low:0.000} to {dashboard.High:0.000} of {dashboard.Pairs} pairs), {dashboard.Errors} errors; processor time of an answer {dashboard.WithMs:0.000} ms, {dashboard.WithoutMs:0.000} ms without, ratio {dashboard.ProcessorRatio:0.000}"));
        }

        output.WriteLine(string.Create(culture, $"peak memory of the server: {report.PeakMemoryMb?.ToString("0.0", culture) ?? "unknown"} MiB"));
    }
}
