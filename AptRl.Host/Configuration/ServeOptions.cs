using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AptRl.Actors.Clustering;
using AptRl.Actors.Persistence;
using AptRl.Actors.Users;
using AptRl.Host.Commands;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using AptRl.Model.Policies;

namespace AptRl.Host.Configuration;

/// <summary>What <c>aptrl serve</c> is told: section <c>AptRl</c> of the configuration, over it the command line.</summary>
internal sealed record ServeOptions
{
    /// <summary>Name of the section in appsettings.json; <c>AptRl__</c> starts its environment variables.</summary>
    public const string Section = "AptRl";

    private const StringSplitOptions Separated = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>Where to listen, separated by semicolons. Default loopback, port 5080.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>
    /// Port of loopback on which <c>aptrl console</c> is answered and nothing else; <c>0</c> takes a free one, <c>off</c> none. Where
    /// somebody has it, the server goes on without. Null, the default, is off here; <c>aptrl serve</c> and <c>demo</c> take 9110.
    /// </summary>
    public string? OperatorPort { get; init; }

    /// <summary>Folder of journals and snapshots, and of encoder versions; made where it is missing. Default <c>aptrl-data</c>.</summary>
    public string DataDir { get; init; } = "aptrl-data";

    /// <summary>Connection string of the PostgreSQL database that takes journal and snapshots; null keeps them in <see cref="DataDir"/>.</summary>
    public string? Postgres { get; init; }

    /// <summary>Whether tables that are missing in the database are made at the start; where not, a start without them is refused. Default true.</summary>
    public bool PostgresMigrates { get; init; } = true;

    /// <summary>Encoder's weights (safetensors, its card beside it); null serves without a trained encoder.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// The scenarios, separated by semicolons: a name alone chooses from the catalogue, <c>NAME=ARM,ARM,…</c> from these
    /// arms. A request that names none gets the first. Default <c>home</c>.
    /// </summary>
    public string Scenarios { get; init; } = "home";

    /// <summary>What learns: <c>[SCENARIO=]ridge</c>, <c>actor-critic</c> or <c>deep-q</c>, separated by semicolons. Default ridge.</summary>
    public string? Learner { get; init; }

    /// <summary>
    /// How is explored: <c>[SCENARIO=]KIND[:SCALE][,floor=P][,cap=P]</c>, separated by semicolons; kinds are inverse-gap, softmax,
    /// thompson, linucb and epsilon-greedy. Default inverse-gap.
    /// </summary>
    public string? Exploration { get; init; }

    /// <summary>How concentrated slates may be: <c>[SCENARIO:]category=N[,exposure=P]</c>, separated by semicolons. Default no bound.</summary>
    public string? Diversity { get; init; }

    /// <summary>File of reward tables; null takes the default table.</summary>
    public string? Rewards { get; init; }

    /// <summary>Callers must send it; null is allowed on loopback only. At least 16 characters.</summary>
    public string? ApiKey { get; init; }

    /// <summary>File of keys with scopes, as <c>aptrl key</c> writes it; null where there is none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// Where spans, metrics and log records are sent by OTLP, such as <c>http://localhost:4317</c>; null where the standard variables
    /// of the environment (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>) name nothing either sends none.
    /// </summary>
    public string? Otlp { get; init; }

    /// <summary>Folder to serve the dashboard's files from instead of those inside the program: for who works on them.</summary>
    public string? DashboardDir { get; init; }

    /// <summary>Kafka brokers to take events from too, <c>host:port,host:port</c>; null for none.</summary>
    public string? KafkaBrokers { get; init; }

    /// <summary>Kafka's topic of events. Default <c>shop-events</c>.</summary>
    public string KafkaEvents { get; init; } = "shop-events";

    /// <summary>Kafka's topic of decisions, one after each event; null makes none.</summary>
    public string? KafkaDecisions { get; init; }

    /// <summary>Scenarios of these decisions, by commas; null takes the first that is configured.</summary>
    public string? KafkaScenarios { get; init; }

    /// <summary>Kafka's topic of events that cannot be taken; null takes that of the events with <c>.dead</c> behind it.</summary>
    public string? KafkaDeadLetters { get; init; }

    /// <summary>Kafka's consumer group. Default <c>aptrl</c>.</summary>
    public string KafkaGroup { get; init; } = "aptrl";

    /// <summary>File of further settings of librdkafka, one <c>name=value</c> a line; null for none.</summary>
    public string? KafkaSettings { get; init; }

    /// <summary>Bytes of a request body at most, before and after decompression; beyond it 413. Default 1 MiB.</summary>
    public int BodyBytesMax { get; init; } = 1 << 20;

    /// <summary>Events or items in one request at most; beyond it 413. Default 1,000.</summary>
    public int BatchMax { get; init; } = 1_000;

    /// <summary>Users of one batch that are served at the same time. Default 32.</summary>
    public int BatchConcurrency { get; init; } = 32;

    /// <summary>Requests answered at the same time at most; beyond it 429. Default 512.</summary>
    public int RequestsInFlightMax { get; init; } = 512;

    /// <summary>Requests a second at most, with as many again in a burst; beyond it 429. 0, the default, is no limit.</summary>
    public int RequestsPerSecondMax { get; init; }

    /// <summary>Open decision streams at most; beyond it 429. Default 16.</summary>
    public int StreamsMax { get; init; } = 16;

    /// <summary>Decisions a stream may lag behind; beyond it the oldest are dropped. Default 1,024.</summary>
    public int StreamBuffer { get; init; } = 1_024;

    /// <summary>A user without messages for this long leaves memory, and is read from the journal when next asked for. Default 2 minutes.</summary>
    public TimeSpan UserIdleMax { get; init; } = new UserOptions().IdleMax;

    /// <summary>A user of whom nothing was written for this long is deleted; null, the default, keeps all. At least a day.</summary>
    public TimeSpan? UserRetention { get; init; }

    /// <summary>A time may be ahead of the server's clock by this much at most. Default 5 minutes.</summary>
    public TimeSpan FutureMax { get; init; } = FutureTime.Tolerance;

    /// <summary>
    /// Whether an event that names no <c>recommendationId</c> is credited to the last decision that showed its item. Set it to
    /// false where the shop names the decision of every click on a slate: what users come across elsewhere then earns
    /// nothing. Default true.
    /// </summary>
    public bool CreditUnnamed { get; init; } = true;

    /// <summary>
    /// What an answered write survives: <c>Process</c>, a killed process, or <c>PowerCut</c>, that too, at a disk flush a write.
    /// Default Process with SQLite, PowerCut with PostgreSQL.
    /// </summary>
    public Durability? Durability { get; init; }

    /// <summary>The database as the actors take it; null for SQLite.</summary>
    public PostgresOptions? PostgresDatabase => Postgres is null ? null : new PostgresOptions { ConnectionString = Postgres, Migrates = PostgresMigrates };

    /// <summary>Whether this server is one node of several. Default false: it is one alone.</summary>
    public bool Cluster { get; init; }

    /// <summary>Name or address by which the other nodes reach this one. Default 127.0.0.1.</summary>
    public string ClusterHost { get; init; } = "127.0.0.1";

    /// <summary>Port at which it listens for the other nodes; 0 takes a free one. Default 4053.</summary>
    public int ClusterPort { get; init; } = NodeOptions.DefaultPort;

    /// <summary>Nodes that are asked for the way into the cluster, <c>HOST:PORT</c> separated by commas, the same at all nodes. Default none: this node begins one.</summary>
    public string Seeds { get; init; } = "";

    /// <summary>
    /// A PKCS #12 file with a certificate and its private key, the same at all nodes: they speak encrypted, and who does not have it is not
    /// let in. Null, the default: unencrypted.
    /// </summary>
    public string? ClusterCertificate { get; init; }

    /// <summary>The password of <see cref="ClusterCertificate"/>; from the environment, <c>AptRl__ClusterCertificatePassword</c>. Null for none.</summary>
    public string? ClusterCertificatePassword { get; init; }

    /// <summary>What this node does, separated by commas: <c>api</c>, <c>users</c>, <c>agents</c>. Default all.</summary>
    public string Roles { get; init; } = string.Join(',', NodeRoles.All);

    /// <summary>Calls of this node's callers that may wait for an answer in a cluster; beyond it 503. Default 1,000.</summary>
    public int ClusterInFlightMax { get; init; } = 1_000;

    /// <summary>For how long a node may hear nothing new of a policy's writer before its health says so. Default 10 s.</summary>
    public TimeSpan PolicyAgeMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>This server as one node of several; null where it is one alone.</summary>
    /// <exception cref="UserErrorException">An option makes no sense.</exception>
    public NodeOptions? Node()
    {
        if (!Cluster)
        {
            return null;
        }

        if (ClusterCertificate is not null && !File.Exists(ClusterCertificate))
        {
            throw new UserErrorException($"cluster: there is no file '{ClusterCertificate}': name the PKCS #12 file that all nodes have, or leave --cluster-certificate out", Cli.Usage);
        }

        try
        {
            return new NodeOptions
            {
                Host = ClusterHost,
                Port = ClusterPort,
                Seeds = [.. Seeds.Split(',', Separated)],
                Roles = [.. Roles.Split(',', Separated)],
                Certificate = ClusterCertificate is null ? null : X509CertificateLoader.LoadPkcs12FromFile(ClusterCertificate, ClusterCertificatePassword),
                InFlightMax = ClusterInFlightMax,
                PolicyAgeMax = PolicyAgeMax,
            }.Checked();
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"cluster: {error.Message}", Cli.Usage);
        }
        catch (Exception error) when (error is CryptographicException or IOException)
        {
            throw new UserErrorException(
                $"cluster: the certificate '{ClusterCertificate}' cannot be read: {error.Message} It has to be a PKCS #12 file with its private key, and its password in {Section}__{nameof(ClusterCertificatePassword)}", Cli.Usage);
        }
    }

    /// <summary>Whether every address that is listened on is this machine's own.</summary>
    public bool IsLoopback => Addresses().All(uri => uri.IsLoopback);

    /// <summary>Whether one of the addresses has this port.</summary>
    public bool ListensOn(int port) => port != 0 && Addresses().Any(uri => uri.Port == port);

    /// <summary>The scenarios as the agents take them, the first one first.</summary>
    /// <exception cref="UserErrorException">One makes no sense.</exception>
    public ImmutableArray<ScenarioOptions> ScenarioList()
    {
        ImmutableArray<ScenarioOptions> list;
        try
        {
            list = [.. Scenarios.Split(';', Separated).Select(ScenarioOf)];
            list = list.Length > 0 && list.DistinctBy(scenario => scenario.Id).Count() == list.Length
                ? list
                : throw new ArgumentException("give at least one, each with a name of its own");
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException(
                $"scenarios '{Scenarios}': {error.Message} Write them like 'home' or 'layout=grid,list'.", Cli.Usage);
        }

        return new ScenarioSettings(Learner, Exploration, Rewards, Diversity).Applied(list);
    }

    /// <summary>These options, if they can be served.</summary>
    /// <exception cref="UserErrorException">One is out of its bounds; the text says which and what to do.</exception>
    public ServeOptions Checked()
    {
        foreach (var (name, value, least) in new[]
        {
            (nameof(BodyBytesMax), BodyBytesMax, 1_024),
            (nameof(BatchMax), BatchMax, 1),
            (nameof(BatchConcurrency), BatchConcurrency, 1),
            (nameof(RequestsInFlightMax), RequestsInFlightMax, 1),
            (nameof(RequestsPerSecondMax), RequestsPerSecondMax, 0),
            (nameof(StreamsMax), StreamsMax, 1),
            (nameof(StreamBuffer), StreamBuffer, 1),
        })
        {
            if (value < least)
            {
                throw new UserErrorException($"{Section}:{name} {value} is below {least}: set it to {least} or more", Cli.Usage);
            }
        }

        if (UserIdleMax < TimeSpan.FromSeconds(1))
        {
            throw new UserErrorException($"{Section}:{nameof(UserIdleMax)} {UserIdleMax} is below a second: set it to 00:00:01 or more", Cli.Usage);
        }

        if (UserRetention < UserOptions.RetentionMin)
        {
            throw new UserErrorException($"{Section}:{nameof(UserRetention)} {UserRetention} is below a day: set it to 1.00:00:00 or more, such as 400.00:00:00 for 400 days", Cli.Usage);
        }

        if (ApiKey is { Length: < Access.ApiKey.LengthMin })
        {
            throw new UserErrorException(
                $"the API key has {ApiKey.Length} characters, at least {Access.ApiKey.LengthMin} are needed: make one with 'openssl rand -hex 32'", Cli.Usage);
        }

        if (KeyFile is not null)
        {
            Access.KeyFile.Read(KeyFile);
        }

        if (!IsLoopback && ApiKey is null && KeyFile is null)
        {
            throw new UserErrorException(
                $"{Urls} can be reached from other machines and there is no API key: give one with --api-key-file or "
                + "APTRL_API_KEY, or several with --keys, or listen on http://127.0.0.1:5080", Cli.Usage);
        }

        if (Model is not null && !File.Exists(Model))
        {
            throw new UserErrorException($"there is no model at '{Model}': train one with 'aptrl train', or leave --model out", Cli.Usage);
        }

        if (!Cluster && (Seeds.Length > 0 || Roles != string.Join(',', NodeRoles.All)))
        {
            throw new UserErrorException("seeds or roles are given and the server is one node alone: add --cluster, or leave them out", Cli.Usage);
        }

        Node();
        if (Otlp is not null && !(Uri.TryCreate(Otlp, UriKind.Absolute, out var collector) && collector.Scheme is "http" or "https"))
        {
            throw new UserErrorException($"otlp '{Otlp}' is no address of a collector: write it like http://localhost:4317", Cli.Usage);
        }

        Hosting.OperatorDoor.PortOf(OperatorPort);
        try
        {
            PostgresDatabase?.Checked();
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException(error.Message, Cli.Usage);
        }

        ScenarioList();
        Kafka.KafkaSymbols.Of(this);
        return this;
    }

    private static ScenarioOptions ScenarioOf(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        return new ScenarioOptions
        {
            Id = new ScenarioId(parts[0]),
            Kind = parts.Length == 1 ? ScenarioKind.Items : ScenarioKind.Arms,
            Arms = parts.Length == 1 ? [] : [.. parts[1].Split(',', Separated).Select(arm => new ItemId(arm))],
        }.Checked();
    }

    private IEnumerable<Uri> Addresses()
    {
        foreach (var url in Urls.Split(';', Separated).DefaultIfEmpty(""))
        {
            // Kestrel takes '*' and '+' for all addresses; a URI does not, and neither is loopback.
            var plain = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath != "/")
            {
                throw new UserErrorException($"'{url}' is not an address to listen on: write it like http://127.0.0.1:5080", Cli.Usage);
            }

            // Kestrel listens on every address where the host is a name other than localhost.
            var isName = !IPAddress.TryParse(uri.Host.Trim('[', ']'), out _) && uri.Host != "localhost";
            yield return isName ? new UriBuilder(uri) { Host = "0.0.0.0" }.Uri : uri;
        }
    }
}
