using System.CommandLine;
using System.Globalization;
using AptRl.Host.Access;
using AptRl.Host.Configuration;
using AptRl.Host.Hosting;
using AptRl.Host.Kafka;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl serve</c>: the HTTP server.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where to listen; an API key is needed outside loopback (default http://127.0.0.1:5080).",
    };

    private static readonly Option<string?> DataDir = new("--data-dir")
    {
        Description = "Folder of journals, snapshots and encoder versions (default ./aptrl-data).",
    };

    private static readonly Option<string?> Model = new("--model")
    {
        Description = "Weights of the encoder, as 'aptrl train' writes them.",
    };

    private static readonly Option<string[]> Scenario = new("--scenario")
    {
        Description = "A place in the shop: NAME to choose from the catalogue, NAME=ARM,ARM to choose between arms. May be repeated; the first is that of a request that names none (default home).",
    };

    private static readonly Option<string?> Rewards = new("--rewards")
    {
        Description = "File of reward tables: what a click, a cart, a purchase, its money, a dismissal and leaving are worth, and how long after.",
    };

    private static readonly Option<string?> ApiKey = new("--api-key")
    {
        Description = "Key that callers must send. Others on this machine can read it in the process list: prefer --api-key-file or APTRL_API_KEY.",
    };

    private static readonly Option<FileInfo?> ApiKeyFile = new("--api-key-file")
    {
        Description = "File that holds the key.",
    };

    private static readonly Option<string?> Keys = new("--keys")
    {
        Description = "File of keys with scopes, as 'aptrl key' writes it.",
    };

    private static readonly Option<bool> Cluster = new("--cluster")
    {
        Description = "Be one node of several, over one database: docs/cluster.md.",
    };

    private static readonly Option<string?> ClusterHost = new("--cluster-host")
    {
        Description = "Name or address by which the other nodes reach this one (default 127.0.0.1).",
    };

    private static readonly Option<int?> ClusterPort = new("--cluster-port")
    {
        Description = "Port at which it listens for the other nodes; 0 takes a free one (default 4053).",
    };

    private static readonly Option<string?> ClusterCertificate = new("--cluster-certificate")
    {
        Description = "PKCS #12 file with a certificate and its key, the same at all nodes: they speak encrypted, and only who has it is let in. Its password: AptRl__ClusterCertificatePassword.",
    };

    private static readonly Option<string[]> Seed = new("--seed")
    {
        Description = "A node that is asked for the way in, HOST:PORT. May be repeated; the same at all nodes. The first of them begins the cluster.",
    };

    private static readonly Option<string?> Roles = new("--roles")
    {
        Description = "What this node does, of api, users, agents (default all).",
    };

    private static readonly Option<string?> Otlp = new("--otlp")
    {
        Description = "Collector that gets spans, metrics and log records by OTLP: http://localhost:4317 for gRPC, another port for HTTP. OTEL_EXPORTER_OTLP_ENDPOINT does the same.",
    };

    private static readonly Option<string?> OperatorPort = new("--operator-port")
    {
        Description = "Port of loopback for 'aptrl console' alone, or off (default 9110; where another program has it, there is a warning and none).",
    };

    public static Command Create()
    {
        var command = new Command("serve", "Serves the HTTP interface.")
        {
            Urls, DataDir, StoreSymbols.Postgres, Model, Scenario, ScenarioSymbols.Learner, ScenarioSymbols.Exploration, ScenarioSymbols.Diversity, Rewards, ApiKey, ApiKeyFile, Keys,
            OperatorPort, Otlp, Cluster, ClusterHost, ClusterPort, ClusterCertificate, Seed, Roles,
        }.WithExamples(
            "aptrl serve",
            "aptrl serve --data-dir /var/lib/aptrl --model encoder.safetensors",
            "aptrl serve --postgres 'Host=db;Database=shop;Username=aptrl'",
            "aptrl serve --kafka broker1:9092,broker2:9092 --kafka-events shop-events --kafka-decisions shop-decisions",
            "aptrl serve --scenario home --scenario layout=grid,list,banner",
            "aptrl serve --exploration softmax:0.3,floor=0.001 --rewards rewards.json",
            "aptrl serve --diversity category=3,exposure=0.1",
            "APTRL_API_KEY=$(openssl rand -hex 32) aptrl serve --urls http://0.0.0.0:5080",
            "aptrl serve --keys keys.json --urls http://0.0.0.0:5080",
            "aptrl serve --otlp http://localhost:4317",
            "aptrl serve --cluster --cluster-host 10.0.0.2 --seed 10.0.0.1:4053 --seed 10.0.0.2:4053 --seed 10.0.0.3:4053",
            "AptRl__BodyBytesMax=8388608 aptrl serve");
        KafkaSymbols.All.ToList().ForEach(command.Options.Add);
        command.Validators.Add(result =>
        {
            if (result.GetResult(ApiKey) is not null && result.GetResult(ApiKeyFile) is not null)
            {
                result.AddError("--api-key and --api-key-file are both given: leave one out");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var builder = AptRlHost.CreateBuilder(configured => KafkaSymbols.Over(configured, arguments) with
        {
            Urls = arguments.GetValue(Urls) ?? configured.Urls,
            DataDir = arguments.GetValue(DataDir) ?? configured.DataDir,
            Postgres = StoreSymbols.ConnectionString(arguments) ?? configured.Postgres,
            Model = arguments.GetValue(Model) ?? configured.Model,
            Scenarios = arguments.GetValue(Scenario) is { Length: > 0 } scenarios ? string.Join(';', scenarios) : configured.Scenarios,
            Learner = ScenarioSymbols.Text(arguments, ScenarioSymbols.Learner) ?? configured.Learner,
            Exploration = ScenarioSymbols.Text(arguments, ScenarioSymbols.Exploration) ?? configured.Exploration,
            Diversity = ScenarioSymbols.Text(arguments, ScenarioSymbols.Diversity) ?? configured.Diversity,
            Rewards = arguments.GetValue(Rewards) ?? configured.Rewards,
            ApiKey = KeyOf(arguments) ?? configured.ApiKey,
            KeyFile = arguments.GetValue(Keys) ?? configured.KeyFile,
            Otlp = arguments.GetValue(Otlp) ?? configured.Otlp,
            OperatorPort = arguments.GetValue(OperatorPort) ?? configured.OperatorPort ?? OperatorDoor.PortUsual.ToString(CultureInfo.InvariantCulture),
            Cluster = arguments.GetValue(Cluster) || configured.Cluster,
            ClusterHost = arguments.GetValue(ClusterHost) ?? configured.ClusterHost,
            ClusterPort = arguments.GetValue(ClusterPort) ?? configured.ClusterPort,
            ClusterCertificate = arguments.GetValue(ClusterCertificate) ?? configured.ClusterCertificate,
            Seeds = arguments.GetValue(Seed) is { Length: > 0 } seeds ? string.Join(',', seeds) : configured.Seeds,
            Roles = arguments.GetValue(Roles) ?? configured.Roles,
        });
        AptRlHost.AddPersonalizer(builder);

        await using var app = await AptRlHost.StartAsync(builder, cancellation);
        var (options, door) = (app.Services.GetRequiredService<ServeOptions>(), app.Services.GetService<OperatorDoor>());
        await arguments.InvocationConfiguration.Output.WriteLineAsync(
            $"AptRl listens on {string.Join(", ", app.Urls.Where(url => url != door?.Url))}; data in {Path.GetFullPath(options.DataDir)}{(options.Postgres is null ? "" : " and PostgreSQL")}; "
            + $"API key {(app.Services.GetRequiredService<ApiKeys>().AreNeeded ? "needed" : "not needed on loopback")}.");
        await arguments.InvocationConfiguration.Output.WriteLineAsync($"Dashboard: {app.Urls.First()}/");
        if (door is not null)
        {
            await arguments.InvocationConfiguration.Output.WriteLineAsync($"Operators: 'aptrl console' on {door.Url}.");
        }
        else if (OperatorDoor.PortOf(options.OperatorPort) is { } port && !options.ListensOn(port))
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(
                $"aptrl: another program has port {port}, so that this node has none for operators: 'aptrl console --url {app.Urls.First()}' asks it, or give it another with --operator-port.");
        }

        await app.WaitForShutdownAsync(cancellation);
        return Cli.Done;
    }

    private static string? KeyOf(ParseResult arguments)
    {
        if (arguments.GetValue(ApiKeyFile) is { } file)
        {
            return file.Exists
                ? File.ReadAllText(file.FullName).Trim()
                : throw new UserErrorException($"there is no file '{file}': write the key into it, or set APTRL_API_KEY", Cli.Usage);
        }

        var environment = Environment.GetEnvironmentVariable("APTRL_API_KEY");
        return arguments.GetValue(ApiKey) ?? (string.IsNullOrEmpty(environment) ? null : environment);
    }
}
