using System.CommandLine;
using System.Globalization;
using AptRl.Host.Bench;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl bench users</c>: what a known user costs in the journal, and one who is awake in memory.</summary>
internal static class BenchUsersCommand
{
    private static readonly Option<int> Registered = new("--registered")
    {
        Description = "Users that are made known, each by a few events.",
        DefaultValueFactory = _ => 100_000,
    };

    private static readonly Option<int> Resident = new("--resident")
    {
        Description = "How many of them are then woken, on a server that was started anew.",
        DefaultValueFactory = _ => 10_000,
    };

    private static readonly Option<int> History = new("--history")
    {
        Description = "Events that each of them has.",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<int> Catalogue = new("--catalogue")
    {
        Description = "Items in the catalogue.",
        DefaultValueFactory = _ => new BenchOptions().Catalogue,
    };

    private static readonly Option<FileInfo?> JsonFile = new("--json")
    {
        Description = "File to write the result to, for programs.",
    };

    public static Command Create()
    {
        var command = new Command("users", "Makes many users known to a server, starts it anew, wakes some, and weighs journal and memory.")
        {
            Registered, Resident, History, Catalogue, JsonFile,
        }.WithExamples(
            "aptrl bench users",
            "aptrl bench users --registered 1000000 --resident 100000 --json users.json",
            "aptrl bench users --registered 4000 --resident 4000 --history 100");
        command.RequireAtLeast(Registered, 1);
        command.RequireAtLeast(Resident, 1);
        command.RequireAtLeast(History, 1);
        command.RequireAtLeast(Catalogue, 1);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var (registered, resident) = (arguments.GetValue(Registered), arguments.GetValue(Resident));
        if (resident > registered)
        {
            throw new UserErrorException($"--resident {resident} is above --registered {registered}: who is not known cannot be woken", Cli.Usage);
        }

        var bench = new UserBench(registered, resident, arguments.GetValue(History), TimeProvider.System);
        var report = await BenchStage.WithProgressAsync((phase, token) => BenchAsync(bench, registered, arguments.GetValue(Catalogue), phase, token), cancellation);
        var output = arguments.InvocationConfiguration;
        await output.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {report.Registered} users with {report.EventsAUser} events each, sent at {report.EventsPerSecond} events/s
            journal: {report.JournalMb} MiB, {report.JournalBytesAUser} bytes a user; a server on it is ready after {report.StartSeconds} s
            woken: {report.Resident} users, {report.WokenPerSecond} a second, p50 {report.WakeP50Ms} ms, p99 {report.WakeP99Ms} ms with {UserBench.InFlight} at a time
            memory: {report.MemoryMbBefore} MiB before, {report.MemoryMbResident} MiB with them awake, {report.MemoryBytesAUser} bytes a user
            """));
        if (arguments.GetValue(JsonFile) is { } file)
        {
            await File.WriteAllTextAsync(file.FullName, report.ToJson(), cancellation);
        }

        return await BenchStage.TellAsync(report.Errors, bench.Faults, output.Error);
    }

    private static async Task<UserReport> BenchAsync(
        UserBench bench, int registered, int catalogue, Func<string, IProgress<double>> phase, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-bench-");
        try
        {
            var options = new BenchOptions { Users = registered, Catalogue = catalogue };
            var model = BenchStage.MakeModel(catalogue, options.Seed, folder, phase("fresh model"));
            var dataDir = Path.Combine(folder.FullName, "data");
            return await bench.RunAsync(
                idleMax => ServerProcess.StartAsync(dataDir, model, TimeProvider.System, cancellation, idleMax), dataDir, new BenchShop(registered, catalogue),
                server => new BenchRun(server, options, TimeProvider.System).FillCatalogueAsync(phase("catalogue"), cancellation), phase, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
