using System.Collections.Immutable;
using Akka.Hosting;
using AptRl.Actors.Hosting;
using AptRl.Actors.Inspection;
using AptRl.Actors.Operators;
using AptRl.Host.Access;
using AptRl.Host.Commands;
using AptRl.Host.Configuration;
using AptRl.Host.Dashboard;
using AptRl.Host.Http;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Kafka;
using AptRl.Host.Learning;
using AptRl.Host.Operators;
using AptRl.Host.Telemetry;
using AptRl.Host.Versions;
using AptRl.Model.Policies;
using AptRl.Model.Windows;
using Microsoft.AspNetCore.Connections;

namespace AptRl.Host.Hosting;

/// <summary>The one place that puts the server together: serve, the demo and the tests all start it here.</summary>
internal static class AptRlHost
{
    /// <summary>A server without an <c>IPersonalizer</c> and its <c>ActorSystem</c>, which <see cref="AddPersonalizer"/> adds.</summary>
    /// <param name="overrides">What the command line says, over what appsettings.json and the environment say.</param>
    /// <exception cref="UserErrorException">An option is out of its bounds.</exception>
    public static WebApplicationBuilder CreateBuilder(Func<ServeOptions, ServeOptions> overrides)
    {
        // Options do not change while the server runs, and watching the files takes an inotify handle for each host.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);

        var options = overrides(Configured(builder.Configuration)).Checked();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RequestIds>();
        builder.Services.AddSingleton<HostMetrics>();
        builder.Services.AddSingleton<DecisionDesk>();
        builder.Services.AddSingleton<EventDesk>();
        builder.Services.AddSingleton<EvaluationDesk>();
        builder.Services.AddSingleton<JournalDesk>();
        builder.Services.AddSingleton<ApiKeys>();
        builder.Services.AddSingleton<RejectLog>();
        builder.Services.AddSingleton<EventClock>();
        builder.Services.AddSingleton<LearningTally>();
        builder.Services.AddSingleton<RecentDecisions>();
        builder.Services.AddSingleton(services => new ScenarioNames([.. services.GetRequiredService<ServeOptions>().ScenarioList().Select(scenario => scenario.Id)]));
        builder.Services.AddSingleton<JournalUsers>();
        builder.Services.AddSingleton<LiveSegments>();
        builder.Services.AddSingleton<CatalogueSearch>();
        builder.Services.AddSingleton<DecisionOrigins>();
        builder.Services.AddSingleton<TimeMachine>();
        builder.Services.AddSingleton<NodeStatus>();
        builder.Services.AddSingleton<PipelineMonitor>();
        builder.Services.AddSingleton<RecentLog>();
        builder.Services.AddAptRlConsole();
        foreach (var palette in ServerPalettes.All)
        {
            builder.Services.AddAptRlPalette(palette);
        }

        // One line for each request would cost more than the request does.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        var door = OperatorDoor.Open(options);
        if (door is not null)
        {
            builder.Services.AddSingleton(_ => door);
            builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = door.SocketFor);
        }

        builder.WebHost.UseUrls(door is null ? options.Urls : $"{options.Urls};{door.Url}").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
        });
        if (options is { ApiKey: null, KeyFile: null })
        {
            // Without a key the bind address is the only guard, and a web page that rebinds its name to 127.0.0.1 would get past it.
            builder.Services.Configure<Microsoft.AspNetCore.HostFiltering.HostFilteringOptions>(
                filter => filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }

        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Web));
        builder.Services.AddOpenApi("v1", ApiDocument.Describe);
        builder.Services.AddRequestDecompression();
        builder.Services.AddAptRlLimits(options);
        builder.Services.AddHealthChecks().AddCheck<PersonalizerReady>("personalizer", tags: [Health.Ready], timeout: TimeSpan.FromSeconds(2));
        builder.AddAptRlTelemetry(options);
        return builder;
    }

    /// <summary>The actors that answer: they start with the server, before it listens, and stop after it.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="scenarios">The places in the shop; null takes those that are configured.</param>
    /// <param name="windows">What is remembered of a user; null takes the defaults.</param>
    /// <param name="isSimulated">Whether the shop has a time of its own, of which no clock tells what lies in its future.</param>
    public static void AddPersonalizer(
        WebApplicationBuilder builder, ImmutableArray<ScenarioOptions>? scenarios = null, WindowOptions? windows = null, bool isSimulated = false)
    {
        builder.Services.AddAkka("aptrl", (akka, services) =>
        {
            var options = services.GetRequiredService<ServeOptions>();
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            var served = ServedEncoder.Of(options.DataDir, options.PostgresDatabase, options.Model);
            akka.AddAptRl(new AptRlOptions
            {
                DataDirectory = options.DataDir,
                Postgres = options.PostgresDatabase,
                Model = served.Model,
                TakesOver = served.TakesOver,
                Scenarios = scenarios ?? options.ScenarioList(),
                Durability = options.Durability,
                Node = options.Node(),
                FutureMax = isSimulated ? null : options.FutureMax,
                Clock = services.GetRequiredService<TimeProvider>(),
                Users = new() { IdleMax = options.UserIdleMax, Retention = options.UserRetention },
                Windows = windows ?? new() { CreditUnnamed = options.CreditUnnamed },
            });
        });
        builder.Services.AddPersonalizer();
        builder.Services.AddHostedService<LearningWatch>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<RecentLog>());
        if (builder.Services.Where(service => service.ServiceType == typeof(ServeOptions)).Select(service => service.ImplementationInstance).OfType<ServeOptions>().LastOrDefault() is { } its
            && KafkaSymbols.Of(its) is { } kafka)
        {
            builder.Services.AddSingleton(kafka);
            builder.Services.AddHostedService<KafkaService>();
        }

        builder.Services.AddHostedService(services => services.GetRequiredService<PipelineMonitor>());
    }

    /// <summary>The server, its routes mapped, not started.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.UseProblems();
        app.Services.GetService<OperatorDoor>()?.Guard(app);
        app.UseRouting();
        app.UseBrowserGuard();
        app.UseKeyCheck();
        app.UseRateLimiter();
        app.UseDecompression();

        app.MapEvents();
        app.MapRecommendations();
        app.MapItems();
        app.MapUsers();
        app.MapScenarios();
        app.MapEvaluations();
        app.MapVersions();
        app.MapDecisionStream();
        app.MapAbout();
        app.MapLearnings();
        app.MapPipelines();
        app.MapClusters();
        app.MapTimeTravels();
        app.MapConsole();
        app.MapDashboard();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi/{documentName}.json").NeedsAnyKey();
        return app;
    }

    /// <summary>Builds and starts the server; what the user can mend is an error that says so.</summary>
    /// <exception cref="UserErrorException">It cannot listen, or the data folder or the model cannot be used.</exception>
    public static async Task<WebApplication> StartAsync(WebApplicationBuilder builder, CancellationToken cancellation)
    {
        WebApplication? app = null;
        try
        {
            app = Build(builder);
            await app.StartAsync(cancellation);
            return app;
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await StopAsync(app);
            throw new UserErrorException($"cannot listen: {error.Message} Choose another address with --urls.");
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await StopAsync(app);
            throw new UserErrorException(error.Message);
        }
    }

    private static ValueTask StopAsync(WebApplication? app) => app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static ServeOptions Configured(ConfigurationManager configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            throw new UserErrorException(
                "Kestrel:Endpoints is configured and would open addresses that the API key check does not see: use --urls or AptRl:Urls", Cli.Usage);
        }

        try
        {
            return configuration.GetSection(ServeOptions.Section).Get<ServeOptions>(binder => binder.ErrorOnUnknownConfiguration = true)
                ?? new ServeOptions();
        }
        catch (InvalidOperationException error)
        {
            throw new UserErrorException(
                $"section {ServeOptions.Section} of the configuration: {error.InnerException?.Message ?? error.Message} Correct it in appsettings.json or in the {ServeOptions.Section}__ variables of the environment.",
                Cli.Usage);
        }
    }
}
