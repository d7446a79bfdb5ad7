using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Actors.Versions;
using AptRl.Host.Configuration;
using AptRl.Host.Hosting;
using AptRl.Host.Replay;
using AptRl.Host.Telemetry;
using AptRl.Model.Encoding;
using AptRl.Model.Ingest;
using AptRl.Model.Policies;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl replay</c>: a log through the whole graph, and the proof that the journal holds it.</summary>
internal static class ReplayCommand
{
    private static readonly Option<string?> Input = new("--input") { Description = "The log: .ndjson, .jsonl, .json, .csv or .tsv, each also with .gz." };

    private static readonly Option<string?> Columns = new("--columns")
    {
        Description = "Which column of a CSV or TSV holds what, such as user=user,time=unix_seconds,type=event,item=item.",
    };

    private static readonly Option<string> DataDir = new("--data-dir")
    {
        Description = "Folder of journal, cursor and sinks. A replay that was cut off is taken up again from it.",
        Required = true,
    };

    private static readonly Option<string?> Model = new("--model")
    {
        Description = "Encoder weights, as 'aptrl train' writes them; without it an encoder that was never fitted is used.",
    };

    private static readonly Option<int> Count = new("--count") { Description = "Items of a slate.", DefaultValueFactory = _ => 10 };

    private static readonly Option<int> Parallelism = new("--parallelism") { Description = "Users under way at once.", DefaultValueFactory = _ => 32 };

    private static readonly Option<bool> Ordered = new("--ordered") { Description = "One event at a time, in log order." };

    private static readonly Option<bool> Verify = new("--verify")
    {
        Description = "Rebuild windows and policy from the journal alone and compare them with the recovered and the reported ones.",
    };

    private static readonly Option<string?> Rewards = new("--rewards")
    {
        Description = "Learn the journal anew under these reward tables and tell what changes; nothing is decided or written again.",
    };

    private static readonly Option<string?> Against = new("--against")
    {
        Description = "With --rewards: the tables to compare with (default the built-in table).",
    };

    private static readonly Option<string?> Json = new("--json") { Description = "Write the report to this file; - is standard output." };

    public static Command Create()
    {
        var command = new Command("replay", "Sends a log through the whole graph: journal, windows, encoder, agent, sinks.")
        {
            Input, Columns, DataDir, StoreSymbols.Postgres, Model, Count, Parallelism, Ordered, ScenarioSymbols.Learner, ScenarioSymbols.Exploration, Verify, Rewards, Against, Json,
        }.WithExamples(
            "aptrl replay --input events.tsv.gz --columns user=user,time=unix_seconds,type=event,item=item --data-dir ./run --json report.json",
            "aptrl replay --input events.csv --data-dir ./run --ordered",
            "aptrl replay --verify --data-dir ./run",
            "aptrl replay --rewards margin.json --data-dir ./run");
        command.Validators.Add(result =>
        {
            if (((bool[])[result.GetValue(Verify), result.GetResult(Input) is not null, result.GetResult(Rewards) is not null]).Count(given => given) != 1)
            {
                result.AddError("give one of --input, to replay a log, --verify, to check a replay that was done, and --rewards, to learn it anew");
            }

            if (result.GetResult(Against) is not null && result.GetResult(Rewards) is null)
            {
                result.AddError("--against needs --rewards: name the tables to learn anew under");
            }

            if (result.GetResult(Count) is { Implicit: false } && result.GetValue(Count) is < 1 or > 50)
            {
                result.AddError($"--count {result.GetValue(Count)} is not in 1 to 50");
            }

            if (result.GetResult(Parallelism) is { Implicit: false } && result.GetValue(Parallelism) is < 1 or > 1_024)
            {
                result.AddError($"--parallelism {result.GetValue(Parallelism)} is not in 1 to 1024");
            }
        });
        command.SetAction((arguments, cancellation) => arguments.GetValue(Verify) ? VerifyAsync(arguments, cancellation)
            : arguments.GetValue(Rewards) is not null ? RelearnAsync(arguments, cancellation)
            : RunAsync(arguments, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var options = new ReplayOptions(
            arguments.GetValue(Input)!, arguments.GetValue(Columns), arguments.GetValue(DataDir)!, arguments.GetValue(Model),
            arguments.GetValue(Count), arguments.GetValue(Ordered), arguments.GetValue(Parallelism));
        if (!File.Exists(options.Input))
        {
            throw new UserErrorException($"there is no file '{options.Input}': name a log with --input");
        }

        var encoder = LoadModel(options.Model);
        using var recorder = new StageRecorder();
        await using var aptRl = await EmbeddedAptRl.StartAsync(Configured(OptionsOf(arguments, encoder), arguments), cancellation);
        var run = new ReplayRun(options, aptRl, encoder.Version, recorder, TimeProvider.System);
        ReplayReport report;
        try
        {
            report = await WithProgressAsync(onRead => UntilFullAsync(arguments, aptRl, () => run.RunAsync(onRead, cancellation)));
        }
        catch (IOException fault)
        {
            throw Full(options.DataDir, fault.Message);
        }
        catch (IngestException fault)
        {
            throw new UserErrorException(fault.Message, fault.Code is IngestFault.BadMapping or IngestFault.MissingColumn ? Cli.Usage : Cli.Failed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new UserErrorException("stopped: the same command goes on from here");
        }

        await File.WriteAllTextAsync(options.ReportFile, report.ToJson(), CancellationToken.None);
        await WriteJsonAsync(arguments, report.ToJson());
        if (arguments.GetValue(Json) != "-")
        {
            Print(arguments, options, report);
        }

        return Cli.Done;
    }

    private static async Task<int> VerifyAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var directory = arguments.GetValue(DataDir)!;
        var started = Stopwatch.GetTimestamp();
        var options = Configured(OptionsOfJournal(arguments), arguments);
        await using var aptRl = await EmbeddedAptRl.StartAsync(options, cancellation);
        var rebuilt = await WithProgressAsync(onFact => RebuiltState.ReadAsync(aptRl.System, options.Windows, options.Scenarios, onFact, cancellation));
        var live = await LiveState.ReadAsync(aptRl);
        var reported = Reported(Path.Combine(directory, "replay.json"));

        // What was reported of the policy is of the encoder that the replay began with.
        var wasPromoted = new VersionFolder(directory).Read() is { History.Length: > 0 };
        var report = new VerifyReport(false, 0,
        [
            new("users", Text(rebuilt.Users), Text(live.Users), null),
            new("events accepted", Text(rebuilt.Accepted), Text(live.Accepted), Text(reported?.Events.Accepted)),
            new("decisions", Text(rebuilt.Decisions), Text(live.Decisions), Text(reported?.Decisions)),
            new("rewards joined", Text(rebuilt.RewardsJoined), Text(live.RewardsJoined), Text(reported?.RewardsJoined)),
            new("policy updates", Text(rebuilt.PolicyUpdates), Text(live.PolicyUpdates), Text(reported?.PolicyUpdates)),
            new("windows hash", rebuilt.WindowsHash, live.WindowsHash, reported?.WindowsHash),
            new("policy hash", rebuilt.PolicyHash, live.PolicyHash, wasPromoted ? null : reported?.PolicyHash),
        ]);
        report = report with { Verified = report.Comparisons.All(comparison => comparison.IsEqual), Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3) };
        await WriteJsonAsync(arguments, JsonSerializer.Serialize(report, ReplayJson.Default.VerifyReport));
        if (arguments.GetValue(Json) != "-")
        {
            Print(arguments, report);
        }

        return report.Verified ? Cli.Done : Cli.Failed;
    }

    private static async Task<int> RelearnAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var options = Configured(OptionsOfJournal(arguments), arguments);
        var under = Rewarded(options, arguments.GetValue(Rewards));
        var against = Rewarded(options, arguments.GetValue(Against));
        var encoder = new VersionFolder(options.DataDirectory).Read()?.Active;
        await using var aptRl = await EmbeddedAptRl.StartAsync(options, cancellation);
        var relearned = await WithProgressAsync(async onFact => (
            Under: await Relearning.ReadAsync(aptRl.System, under.WindowsInForce, under.Scenarios, encoder, onFact, cancellation),
            Against: await Relearning.ReadAsync(aptRl.System, against.WindowsInForce, against.Scenarios, encoder, onFact, cancellation)));
        var report = new RelearnReport(
            Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3), [.. relearned.Under.Zip(relearned.Against, RelearnedScenario.Of)]);
        await WriteJsonAsync(arguments, report.ToJson());
        if (arguments.GetValue(Json) != "-")
        {
            Print(arguments, report);
        }

        return Cli.Done;
    }

    private static AptRlOptions Configured(AptRlOptions options, ParseResult arguments)
        => options with
        {
            Scenarios = new ScenarioSettings(
                ScenarioSymbols.Text(arguments, ScenarioSymbols.Learner), ScenarioSymbols.Text(arguments, ScenarioSymbols.Exploration), null)
                .Applied(options.Scenarios),
        };

    private static AptRlOptions Rewarded(AptRlOptions options, string? rewards)
        => options with { Scenarios = new ScenarioSettings(null, null, rewards).Applied(options.Scenarios) };

    // The scenarios are those that the journal knows.
    private static AptRlOptions OptionsOfJournal(ParseResult arguments)
    {
        var scenarios = StoreSymbols.Scenarios(arguments, arguments.GetValue(DataDir)!);
        var options = OptionsOf(arguments, LoadModel(arguments.GetValue(Model)));
        return scenarios.Count == 0 ? options : options with { Scenarios = [.. scenarios.Select(scenario => new ScenarioOptions { Id = scenario })] };
    }

    private static string Text(long? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture)!;

    private static ReplayReport? Reported(string file)
        => File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), ReplayJson.Default.ReplayReport) : null;

    // Publication is left to the replay, so that it happens between epochs and never by the clock; what lies in the future the reader of the log judges.
    private static AptRlOptions OptionsOf(ParseResult arguments, EncoderModel model) => new()
    {
        DataDirectory = arguments.GetValue(DataDir)!,
        Postgres = StoreSymbols.Database(arguments),
        Model = model,
        Learner = new LearnerBatching { PublishEvery = TimeSpan.Zero },
        FutureMax = null,
    };

    private static async Task<ReplayReport> UntilFullAsync(ParseResult arguments, EmbeddedAptRl aptRl, Func<Task<ReplayReport>> run)
    {
        var full = FullJournal.FirstAsync(aptRl.System);
        var running = run();
        if (await Task.WhenAny(running, full) == running)
        {
            return await running;
        }

        // Nothing can be handed over or settled any more.
        await aptRl.AbortAsync();
        throw Full(StoreSymbols.Database(arguments) is null ? arguments.GetValue(DataDir)! : "the PostgreSQL database", (await full).Reason);
    }

    private static UserErrorException Full(string where, string reason)
        => new($"{where} cannot be written ({reason}): make room, and the same command goes on from here");

    private static EncoderModel LoadModel(string? path)
    {
        try
        {
            return path is null ? EncoderModel.Fresh(new EncoderOptions(), [], seed: 1) : EncoderModel.Load(path);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            throw new UserErrorException(fault.Message);
        }
    }

    private static async Task<T> WithProgressAsync<T>(Func<Action<long>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .HideCompleted(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("starting").IsIndeterminate();
                var started = Stopwatch.GetTimestamp();
                var first = -1L;
                return await work(done =>
                {
                    first = first < 0 ? done : first;
                    task.Description = $"{done:N0} done, {(done - first) / Math.Max(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.001):N0}/s";
                });
            });
    }

    private static async Task WriteJsonAsync(ParseResult arguments, string json)
    {
        switch (arguments.GetValue(Json))
        {
            case null:
                break;
            case "-":
                await arguments.InvocationConfiguration.Output.WriteLineAsync(json);
                break;
            case var file:
                await File.WriteAllTextAsync(file, json, CancellationToken.None);
                break;
        }
    }

    private static void Print(ParseResult arguments, ReplayOptions options, ReplayReport report)
    {
        var output = arguments.InvocationConfiguration.Output;
        var events = report.Events;
        output.WriteLine($"events        {events.Read} read: {events.Accepted} accepted, {events.Duplicate} duplicate, {events.Late} late, {events.Rejected} rejected");
        output.WriteLine($"decisions     {report.Decisions}, {report.RewardsJoined} rewards joined, {report.PolicyUpdates} policy updates");
        output.WriteLine($"time          {report.Seconds:F1} s, {report.EventsPerSecond:F0} events/s, {report.PeakMemoryMb:F0} MB at most");
        foreach (var (stage, latency) in report.LatencyMs)
        {
            output.WriteLine($"  {stage,-11} p50 {latency.P50,8:F2} ms   p99 {latency.P99,8:F2} ms   p99.9 {latency.P999,8:F2} ms");
        }

        output.WriteLine($"windows hash  {report.WindowsHash}");
        output.WriteLine($"policy hash   {report.PolicyHash}");
        output.WriteLine($"sinks         {options.DecisionsFile}, {options.RejectsFile}");
    }

    private static void Print(ParseResult arguments, RelearnReport report)
    {
        var output = arguments.InvocationConfiguration.Output;
        foreach (var scenario in report.Scenarios)
        {
            output.WriteLine($"scenario      {scenario.Scenario}: {scenario.Decisions} decisions");
            output.WriteLine($"  {scenario.Table,-20} {scenario.Rewards} rewards, theta {scenario.ThetaHash}");
            output.WriteLine($"  {scenario.Against,-20} {scenario.RewardsAgainst} rewards, theta {scenario.ThetaHashAgainst}");
            output.WriteLine($"  another item of the slate would stand first in {scenario.FirstChanged:P1} of the logged decisions");
            foreach (var (feature, change) in Enumerable.Range(0, scenario.Theta.Count)
                .Select(feature => (feature, scenario.Theta[feature] - scenario.ThetaAgainst[feature])).OrderByDescending(pair => Math.Abs(pair.Item2)).Take(5))
            {
                output.WriteLine($"  theta[{feature}]  {scenario.ThetaAgainst[feature]:G6} -> {scenario.Theta[feature]:G6}  ({change:+0.0000;-0.0000})");
            }
        }

        output.WriteLine($"learned anew in {report.Seconds:F1} s");
    }

    private static void Print(ParseResult arguments, VerifyReport report)
    {
        var output = arguments.InvocationConfiguration.Output;
        foreach (var comparison in report.Comparisons)
        {
            var detail = comparison.IsEqual ? comparison.Rebuilt : $"rebuilt {comparison.Rebuilt}, recovered {comparison.Live}, reported {comparison.Reported ?? "nothing"}";
            output.WriteLine($"{(comparison.IsEqual ? "equal " : "DIFFERS")} {comparison.What,-16} {detail}");
        }

        output.WriteLine(report.Verified ? $"verified in {report.Seconds:F1} s" : "the journal does not give what was recovered or reported: keep this folder and report it");
    }
}
