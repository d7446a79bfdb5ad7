using System.CommandLine;
using AptRl.Host.Commands;
using AptRl.Host.Configuration;
using AptRl.Model.Policies;

namespace AptRl.Host.Kafka;

/// <summary>What <c>aptrl serve</c> is told of Kafka.</summary>
internal static class KafkaSymbols
{
    private static readonly Option<string?> Brokers = new("--kafka") { Description = "Take events from this Kafka cluster too: HOST:PORT,HOST:PORT." };

    private static readonly Option<string?> Events = new("--kafka-events") { Description = "Topic of the events (default shop-events)." };

    private static readonly Option<string?> Decisions = new("--kafka-decisions") { Description = "Topic for a decision after each event, keyed by user; without it none is made." };

    private static readonly Option<string?> Scenarios = new("--kafka-scenarios") { Description = "Scenarios of these decisions, by commas (default the first that is configured)." };

    private static readonly Option<string?> DeadLetters = new("--kafka-dead-letters") { Description = "Topic for events that cannot be taken, with the reason (default that of the events and .dead)." };

    private static readonly Option<string?> Group = new("--kafka-group") { Description = "Consumer group (default aptrl)." };

    private static readonly Option<string?> Settings = new("--kafka-settings") { Description = "File of further librdkafka settings, one name=value a line: the place for passwords." };

    private const int SlateMax = 10;

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All => [Brokers, Events, Decisions, Scenarios, DeadLetters, Group, Settings];

    /// <summary>The settings over what was configured.</summary>
    public static ServeOptions Over(ServeOptions configured, ParseResult arguments)
        => configured with
        {
            KafkaBrokers = arguments.GetValue(Brokers) ?? configured.KafkaBrokers,
            KafkaEvents = arguments.GetValue(Events) ?? configured.KafkaEvents,
            KafkaDecisions = arguments.GetValue(Decisions) ?? configured.KafkaDecisions,
            KafkaScenarios = arguments.GetValue(Scenarios) ?? configured.KafkaScenarios,
            KafkaDeadLetters = arguments.GetValue(DeadLetters) ?? configured.KafkaDeadLetters,
            KafkaGroup = arguments.GetValue(Group) ?? configured.KafkaGroup,
            KafkaSettings = arguments.GetValue(Settings) ?? configured.KafkaSettings,
        };

    /// <summary>What was configured, for the intake; null where no broker is named.</summary>
    /// <exception cref="UserErrorException">The file of settings cannot be read, or a topic is named without a broker.</exception>
    public static KafkaOptions? Of(ServeOptions options)
    {
        if (options.KafkaBrokers is not { } brokers)
        {
            return options is { KafkaDecisions: null, KafkaScenarios: null, KafkaDeadLetters: null, KafkaSettings: null } ? null
                : throw new UserErrorException("a Kafka topic or setting is given without --kafka: name the brokers, or leave it out", Cli.Usage);
        }

        return new KafkaOptions
        {
            Brokers = brokers,
            Events = options.KafkaEvents,
            Decisions = options.KafkaDecisions,
            DeadLetterTopic = options.KafkaDeadLetters,
            Group = options.KafkaGroup,
            Scenarios = [.. ScenariosOf(options).Select(scenario => (scenario.Id, Math.Min(SlateMax, scenario.CountMax)))],
            FutureMax = options.FutureMax,
            Settings = options.KafkaSettings is { } file ? KafkaOptions.ReadSettings(file) : new Dictionary<string, string>(),
        };
    }

    private static IEnumerable<ScenarioOptions> ScenariosOf(ServeOptions options)
    {
        var configured = options.ScenarioList();
        return options.KafkaScenarios is not { } names ? configured.Take(1)
            : names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().Select(
                name => configured.FirstOrDefault(scenario => scenario.Id.Value == name)
                    ?? throw new UserErrorException(
                        $"--kafka-scenarios names '{name}', which is none of the scenarios: {string.Join(", ", configured.Select(scenario => scenario.Id))}", Cli.Usage));
    }
}
