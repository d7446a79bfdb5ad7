using System.CommandLine;
using System.Globalization;
using AptRl.Host.Configuration;
using AptRl.Host.Demo;
using AptRl.Host.Simulate;
using AptRl.Model.Datasets;
using AptRl.Model.Ingest;
using AptRl.Model.Native;
using AptRl.Model.Policies;
using AptRl.Model.Recommenders;
using AptRl.Model.Simulation;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl simulate</c>: what policies are worth in a shop whose truth is known.</summary>
internal static class SimulateCommand
{
    private const string AllPolicies = "all";

    private static readonly ShopRunOptions RunDefaults = new();
    private static readonly ShopOptions ShopDefaults = new();

    private static readonly Option<string> Policies = new("--policies")
    {
        Description = "Names with commas between them, or all.",
        DefaultValueFactory = _ => AllPolicies,
    };

    private static readonly Option<int> Seeds = new("--seeds")
    {
        Description = "Shops to run each policy in, each drawn by its own seed.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "The first seed; the same seed gives the same figures.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Decisions = new("--decisions")
    {
        Description = "Page views that each policy fills.",
        DefaultValueFactory = _ => RunDefaults.Decisions,
    };

    private static readonly Option<int?> DriftAfter = new("--drift-after")
    {
        Description = "Page views after which every segment's taste moves; 0 for never (default after 60 % of --decisions).",
    };

    private static readonly Option<bool> Fashion = new("--fashion")
    {
        Description = "The drift also moves which items are good.",
    };

    private static readonly Option<int> Shoppers = new("--shoppers")
    {
        Description = "Shoppers of each shop.",
        DefaultValueFactory = _ => ShopDefaults.ShopperCount,
    };

    private static readonly Option<int> RefitEvery = new("--refit-every")
    {
        Description = "Page views between two fits of what is fitted in batches.",
        DefaultValueFactory = _ => 20_000,
    };

    private static readonly Option<string?> Diversity = new("--diversity")
    {
        Description = "Bounds that our learner's slates are drawn under: category=N items of one category at most, exposure=P share of the last slates that an item may stand in, or both with a comma.",
    };

    private static readonly Option<string?> Fit = new("--fit")
    {
        Description = "Folder of real sessions: items, their popularity and categories, and the length of sessions are fitted to them.",
    };

    private static readonly Option<string> Format = new("--format")
    {
        Description = "What the folder of --fit holds, as for aptrl evaluate.",
        DefaultValueFactory = _ => "sessions",
    };

    private static readonly Option<int> Items = new("--items")
    {
        Description = "Items of each shop; with --fit the most viewed ones.",
        DefaultValueFactory = _ => ShopDefaults.ItemCount,
    };

    private static readonly Option<string?> JsonFile = new("--json")
    {
        Description = "File for the result, for machines; the result of each run goes to the folder FILE.runs as it ends.",
    };

    private static readonly Option<string?> PlotFile = new("--plot")
    {
        Description = "File for the curves, a PNG.",
    };

    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Keep the runs that the folder FILE.runs has already.",
    };

    private static readonly Option<int> Parallel = new("--parallel")
    {
        Description = "Runs at the same time; it changes no figure.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    static SimulateCommand() => Format.AcceptOnlyFromAmong([.. Enum.GetNames<DataFormat>().Select(name => name.ToLowerInvariant())]);

    public static Command Create(IReadOnlyList<SimulationPolicy> policies)
    {
        var command = new Command("simulate", $"Runs policies in a simulated shop whose best slates are known: {string.Join(", ", policies.Select(policy => policy.Name))}.")
        {
            Policies, Seeds, Seed, Decisions, DriftAfter, Fashion, Shoppers, RefitEvery, Diversity, Fit, Format, Items, JsonFile, PlotFile, Resume, Parallel,
        }.WithExamples(
            "aptrl simulate --policies random,gru4rec,aptrl,oracle --seeds 1 --decisions 20000",
            "aptrl simulate --policies all --seeds 5 --json simulation.json --plot simulation.png",
            "aptrl simulate --policies aptrl,greedy --drift-after 50000 --decisions 100000 --fashion",
            "aptrl simulate --fit ./shop-sessions --items 1000 --seeds 3 --json fitted.json");
        command.RequireAtLeast(Seeds, 1);
        command.RequireAtLeast(Decisions, 100);
        command.RequireAtLeast(Shoppers, 32);
        command.RequireAtLeast(RefitEvery, 1);
        command.RequireAtLeast(Items, 40);
        command.RequireAtLeast(Parallel, 1);
        command.Validators.Add(result =>
        {
            if (result.GetValue(DriftAfter) is { } drift && (drift < 0 || drift >= result.GetValue(Decisions)))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--drift-after {drift} is not in [0, {result.GetValue(Decisions)}), the --decisions: 0 is never"));
            }

            if (result.GetValue(Resume) && result.GetValue(JsonFile) is null)
            {
                result.AddError("--resume needs the folder beside --json: name the file");
            }
        });
        command.SetAction((arguments, cancellation) => Task.Run(() => Simulate(policies, arguments, cancellation), cancellation));
        return command;
    }

    private static int Simulate(IReadOnlyList<SimulationPolicy> all, ParseResult arguments, CancellationToken cancellation)
    {
        TorchRuntime.EnsureLoaded();
        var error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Error) });
        var options = OptionsOf(Choose(all, arguments.GetValue(Policies)!), arguments, cancellation);
        foreach (var file in (string?[])[arguments.GetValue(JsonFile), arguments.GetValue(PlotFile)])
        {
            if (file is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            }
        }

        var summaries = RunAll(options, error, cancellation);
        SimulationTable.Print(arguments.InvocationConfiguration.Output, options, summaries);
        if (arguments.GetValue(JsonFile) is { } json)
        {
            File.WriteAllText(json, SimulationReport.ToJson(options, summaries));
        }

        if (arguments.GetValue(PlotFile) is { } plot)
        {
            SimulationPlot.Save(plot, options, summaries);
        }

        return Cli.Done;
    }

    private static IReadOnlyList<PolicySummary> RunAll(SimulationOptions options, IAnsiConsole error, CancellationToken cancellation)
    {
        IReadOnlyList<PolicySummary> summaries = [];
        try
        {
            error.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(progress =>
                {
                    var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                    var gate = new Lock();
                    summaries = new SimulationRun(options, ShopEncoder.CacheFolder()).Run(
                        (name, share) =>
                        {
                            lock (gate)
                            {
                                if (!bars.TryGetValue(name, out var bar))
                                {
                                    bars.Add(name, bar = progress.AddTask(name, maxValue: 1));
                                }

                                bar.Value = share;
                            }
                        },
                        cancellation);
                });
        }
        catch (OperationCanceledException)
        {
            throw new UserErrorException(
                options.RunsFolder is null ? "stopped" : $"stopped: the runs that were done are in {options.RunsFolder}, the same command with --resume goes on");
        }

        return summaries;
    }

    private static SimulationOptions OptionsOf(IReadOnlyList<SimulationPolicy> policies, ParseResult arguments, CancellationToken cancellation)
    {
        var (decisions, seed) = (arguments.GetValue(Decisions), arguments.GetValue(Seed));
        var drift = arguments.GetValue(DriftAfter) ?? decisions * 6L / 10;
        var shop = new ShopOptions
        {
            ItemCount = arguments.GetValue(Items),
            ShopperCount = arguments.GetValue(Shoppers),
            FashionMoves = arguments.GetValue(Fashion),
        };
        ShopFit? fit = null;
        if (arguments.GetValue(Fit) is { } folder)
        {
            fit = FitTo(folder, arguments.GetValue(Format)!, shop.ItemCount, seed, cancellation);
            shop = shop with { Shoppers = shop.Shoppers with { BrowseMore = fit.BrowseMore(shop.Shoppers.LeaveAfterNone) } };
        }

        return new SimulationOptions(
            policies, seed, arguments.GetValue(Seeds), shop,
            RunDefaults with { Decisions = decisions, DriftAfter = drift > 0 ? (int)drift : null },
            arguments.GetValue(RefitEvery), DiversityOf(arguments), fit, arguments.GetValue(Fit) is { } name ? Path.GetFileName(Path.TrimEndingDirectorySeparator(name)) : null,
            arguments.GetValue(JsonFile) is { } file ? $"{file}.runs" : null, arguments.GetValue(Resume), arguments.GetValue(Parallel));
    }

    private static DiversityOptions DiversityOf(ParseResult arguments)
    {
        try
        {
            return ScenarioSettings.ParseDiversity(arguments.GetValue(Diversity) ?? "");
        }
        catch (ArgumentException fault)
        {
            throw new UserErrorException($"--diversity {arguments.GetValue(Diversity)}: {fault.Message}", Cli.Usage);
        }
    }

    private static ShopFit FitTo(string folder, string format, int items, ulong seed, CancellationToken cancellation)
    {
        try
        {
            var task = DataFolder.Read(folder, Enum.Parse<DataFormat>(format, ignoreCase: true), cancellation: cancellation);
            return ShopFit.To(task.Training, items, new FitContext(seed, Quick: false, Progress: null, cancellation));
        }
        catch (Exception fault) when (fault is IngestException or InvalidDataException)
        {
            throw new UserErrorException(fault.Message);
        }
    }

    private static SimulationPolicy[] Choose(IReadOnlyList<SimulationPolicy> all, string names)
    {
        if (names == AllPolicies)
        {
            return [.. all];
        }

        string[] wanted = [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        return wanted.Length > 0 && wanted.All(name => all.Any(policy => policy.Name == name))
            ? [.. wanted.Select(name => all.Single(policy => policy.Name == name))]
            : throw new UserErrorException(
                $"--policies {names}: {string.Join(", ", wanted.Where(name => all.All(policy => policy.Name != name)).DefaultIfEmpty("nothing"))} is not one of {string.Join(", ", all.Select(policy => policy.Name))}",
                Cli.Usage);
    }
}
