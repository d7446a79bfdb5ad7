using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AptRl.Actors.Hosting;
using AptRl.Host.Demo;
using AptRl.Host.Hosting;
using AptRl.Host.Http;
using AptRl.Host.Learning;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Simulation;
using AptRl.Model.Training;
using AptRl.Model.Windows;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl demo</c>: the whole of AptRl beside a simulated shop, with nothing to set up.</summary>
internal static class DemoCommand
{
    private const double HoldoutShare = 0.15;
    private const double HeadlessSeconds = 60;
    private const double DriftSecondsWithoutEnd = 90;
    private const int SlateLength = 6;
    private const int InFlightMax = 16;
    private const int UpsertMax = 200;

    private static readonly ScenarioOptions Scenario = new()
    {
        Id = new ScenarioId("home"),
        Count = SlateLength,
        Holdouts = [new Holdout(ScenarioOptions.Uniform, HoldoutShare), new Holdout(ScenarioOptions.MostPopular, HoldoutShare)],
    };

    // The shop names the decision of every click on a slate; what shoppers come across without us was not earned by it.
    private static readonly WindowOptions Windows = new() { CreditUnnamed = false };

    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShopsPast = TimeSpan.FromDays(30);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    private static readonly Option<double?> Seconds = new("--seconds")
    {
        Description = "How long shoppers come (default until Ctrl-C; 60 with --headless).",
    };

    private static readonly Option<bool> Headless = new("--headless")
    {
        Description = "No live view, only the summary; so too where the output is not a terminal.",
    };

    private static readonly Option<FileInfo?> JsonFile = new("--json")
    {
        Description = "Write the summary here for machines.",
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Which shop: items, tastes and behaviour.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double?> Drift = new("--drift")
    {
        Description = "Second at which tastes move; 0 for never (default after two thirds of --seconds, else after 90).",
    };

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where to listen (default http://127.0.0.1:5080).",
    };

    private static readonly Option<string?> DataDir = new("--data-dir")
    {
        Description = "Folder of journals and snapshots, kept for the next demo (default a temporary one, deleted at the end).",
    };

    public static Command Create()
    {
        var command = new Command("demo", "Runs everything beside a simulated shop and shows how it learns.")
        {
            Seconds, Headless, JsonFile, Seed, Drift, Urls, DataDir,
        }.WithExamples(
            "aptrl demo",
            "aptrl demo --seconds 60 --headless --json demo.json",
            "aptrl demo --seed 7 --data-dir ./aptrl-data");
        command.Validators.Add(result =>
        {
            if (result.GetValue(Seconds) is { } seconds && seconds is not (> 0 and <= 86_400))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--seconds {seconds} is not in (0, 86400]: leave it out to run until Ctrl-C"));
            }

            if (result.GetValue(Drift) is { } drift && drift is not (>= 0 and <= 86_400))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--drift {drift} is not in [0, 86400]: 0 is never"));
            }

            // Found out now, and not after the run whose summary it would have held.
            if (result.GetValue(JsonFile) is { Directory.Exists: false } file)
            {
                result.AddError($"--json {file}: there is no folder '{file.DirectoryName}': make it first");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var isLive = !arguments.GetValue(Headless) && !System.Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isLive ? AnsiSupport.Detect : AnsiSupport.No,
            Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Output),
        });
        if (!isLive)
        {
            console.Profile.Width = 160;
        }

        var seed = arguments.GetValue(Seed);
        string weights;
        try
        {
            weights = Encoder(console, isLive, seed, cancellation);
        }
        catch (OperationCanceledException)
        {
            return Cli.Done;
        }

        var kept = arguments.GetValue(DataDir);
        var folder = kept is null ? Directory.CreateTempSubdirectory("aptrl-demo-") : Directory.CreateDirectory(kept);
        try
        {
            var report = await ServeAsync(arguments, console, isLive, weights, folder.FullName, cancellation);
            console.Write(DemoView.Summary(report));
            if (arguments.GetValue(JsonFile) is { } file)
            {
                await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(report, Json), CancellationToken.None);
            }

            return Cli.Done;
        }
        catch (InvalidDataException error)
        {
            throw new UserErrorException(error.Message);
        }
        finally
        {
            if (kept is null)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static string Encoder(IAnsiConsole console, bool isLive, ulong seed, CancellationToken cancellation)
    {
        // The event times of the history must not hang on when the demo runs, or the encoder would never be found again.
        var history = new SimulatedShop(new ShopOptions { Seed = seed }).History(ShopEncoder.HistoryLength);
        var cache = ShopEncoder.CacheFolder();
        if (!isLive)
        {
            return ShopEncoder.Provide(history, ShopEncoder.Quick, cache, new Report(_ => { }), cancellation);
        }

        return console.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask("Learning the shop's history (once; later demos begin at once)", maxValue: 1);
            return ShopEncoder.Provide(history, ShopEncoder.Quick, cache, new Report(progress => task.Value = progress.Share), cancellation);
        });
    }

    private static async Task<DemoReport> ServeAsync(
        ParseResult arguments, IAnsiConsole console, bool isLive, string weights, string folder, CancellationToken cancellation)
    {
        var builder = AptRlHost.CreateBuilder(configured => configured with
        {
            Urls = arguments.GetValue(Urls) ?? configured.Urls,
            DataDir = folder,
            Model = weights,
            OperatorPort = configured.OperatorPort ?? OperatorDoor.PortUsual.ToString(CultureInfo.InvariantCulture),
        });

        // Ctrl-C is the demo's to handle: the host would stop at once, under the feet of shoppers that are being served.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (isLive)
        {
            builder.Logging.ClearProviders();
        }

        builder.Services.AddSingleton(new ScenarioNames([Scenario.Id]));
        AptRlHost.AddPersonalizer(builder, [Scenario], Windows, isSimulated: true);
        await using var app = await AptRlHost.StartAsync(builder, cancellation);
        var report = await DriveAsync(arguments, app, console, isLive, folder, cancellation);
        await app.StopAsync(CancellationToken.None);
        return report;
    }

    private static async Task<DemoReport> DriveAsync(
        ParseResult arguments, WebApplication app, IAnsiConsole console, bool isLive, string folder, CancellationToken cancellation)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var personalizer = app.Services.GetRequiredService<IPersonalizer>();
        var seed = arguments.GetValue(Seed);
        var clock = DemoClock.Next(folder, time.GetUtcNow() - ShopsPast);
        var shop = new SimulatedShop(new ShopOptions { Seed = seed, Run = clock.Run, StartAt = clock.StartAt });
        foreach (var items in shop.Catalogue.Chunk(UpsertMax))
        {
            await personalizer.UpsertAsync(items, cancellation);
        }

        var seconds = arguments.GetValue(Seconds) ?? (isLive ? null : HeadlessSeconds);
        var drift = arguments.GetValue(Drift) ?? (seconds is { } length ? length * 2 / 3 : DriftSecondsWithoutEnd);
        var tally = new DemoTally(time, seed, app.Services.GetRequiredService<LearningTally>());
        var driver = new ShopDriver(
            personalizer,
            shop,
            new DriverOptions(Scenario.Id, SlateLength, InFlightMax, drift > 0 ? TimeSpan.FromSeconds(drift) : null),
            tally,
            time);
        app.Services.GetRequiredService<EventClock>().Simulate(() => driver.Now);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var giveUp = new CancellationTokenSource();
        await using var ending = stop.Token.Register(() => giveUp.CancelAfter(GiveUpAfter));
        if (seconds is { } end)
        {
            stop.CancelAfter(TimeSpan.FromSeconds(end));
        }

        var run = driver.RunAsync(stop.Token, giveUp.Token);
        var url = app.Urls.First();
        if (isLive)
        {
            await console.Live(new Text(string.Empty)).StartAsync(async context =>
            {
                DemoReport? before = null;
                while (!await EndsWithinAsync(run, Refresh, time))
                {
                    var report = tally.Report(resamples: 200);
                    context.UpdateTarget(DemoView.Live(report, before, driver.Now, url, Scenario.Id.Value));
                    clock.Keep(driver.Now);
                    before = report;
                }

                context.UpdateTarget(new Text(string.Empty));
            });
        }
        else
        {
            console.WriteLine($"AptRl listens on {url}; the dashboard is at {url}/.");
            while (!await EndsWithinAsync(run, Refresh, time))
            {
                clock.Keep(driver.Now);
            }
        }

        try
        {
            await run;
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            console.WriteLine($"What was still under way {GiveUpAfter.TotalSeconds:0} seconds after the end was given up.");
        }

        clock.Keep(driver.Now);
        return tally.Report(resamples: 2_000);
    }

    private static async Task<bool> EndsWithinAsync(Task run, TimeSpan wait, TimeProvider time)
        => await Task.WhenAny(run, Task.Delay(wait, time)) == run;

    private sealed class Report(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        void IProgress<TrainingProgress>.Report(TrainingProgress value) => report(value);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
