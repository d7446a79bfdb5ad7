using System.CommandLine;
using AptRl.Host.Commands;
using AptRl.Host.Configuration;

namespace AptRl.Host.Kafka;

/// <summary>What <c>aptrl serve</c> is told of Kafka.</summary>
internal static class KafkaSymbols
{
    private static readonly Option<string?> Brokers = new("--kafka") { Description = "Take events from this Kafka cluster too: HOST:PORT,HOST:PORT." };

    private static readonly Option<string?> Events = new("--kafka-events") { Description = "Topic of the events (default shop-events)." };

    private static readonly Option<string?> Decisions = new("--kafka-decisions") { Description = "Topic for a decision after each event, keyed by user; without it none is made." };

    private static readonly Option<string?> DeadLetters = new("--kafka-dead-letters") { Description = "Topic for events that cannot be taken, with the reason (default that of the events and .dead)." };

    private static readonly Option<string?> Group = new("--kafka-group") { Description = "Consumer group (default aptrl)." };

    private static readonly Option<string?> Settings = new("--kafka-settings") { Description = "File of further librdkafka settings, one name=value a line: the place for passwords." };

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All => [Brokers, Events, Decisions, DeadLetters, Group, Settings];

    /// <summary>The settings over what was configured.</summary>
    public static ServeOptions Over(ServeOptions configured, ParseResult arguments)
        => configured with
        {
            KafkaBrokers = arguments.GetValue(Brokers) ?? configured.KafkaBrokers,
            KafkaEvents = arguments.GetValue(Events) ?? configured.KafkaEvents,
            KafkaDecisions = arguments.GetValue(Decisions) ?? configured.KafkaDecisions,
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
            return options is { KafkaDecisions: null, KafkaDeadLetters: null, KafkaSettings: null } ? null
                : throw new UserErrorException("a Kafka topic or setting is given without --kafka: name the brokers, or leave it out", Cli.Usage);
        }

        return new KafkaOptions
        {
            Brokers = brokers,
            Events = options.KafkaEvents,
            Decisions = options.KafkaDecisions,
            DeadLetterTopic = options.KafkaDeadLetters,
            Group = options.KafkaGroup,
            Scenario = options.ScenarioList()[0].Id.Value,
            Count = Math.Min(10, options.ScenarioList()[0].CountMax),
            FutureMax = options.FutureMax,
            Settings = options.KafkaSettings is { } file ? KafkaOptions.ReadSettings(file) : new Dictionary<string, string>(),
        };
    }
}
