using System.Collections.Immutable;
using AptRl.Host.Commands;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Host.Kafka;

/// <summary>Events in from Kafka, decisions and dead letters out to it.</summary>
internal sealed record KafkaOptions
{
    /// <summary>Where to begin looking for the cluster: <c>host:port,host:port</c>.</summary>
    public required string Brokers { get; init; }

    /// <summary>Topic of the events; one message, one event.</summary>
    public required string Events { get; init; }

    /// <summary>Topic of the decisions, one after each event, keyed by user; null decides nothing.</summary>
    public string? Decisions { get; init; }

    /// <summary>Topic of what could not be taken, with the reason. Default the topic of the events with <c>.dead</c> behind it.</summary>
    public string DeadLetters => DeadLetterTopic ?? Events + ".dead";

    /// <summary>Another topic for <see cref="DeadLetters"/>; null takes the default.</summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>The consumer group, which shares the partitions among its members. Default <c>aptrl</c>.</summary>
    public string Group { get; init; } = "aptrl";

    /// <summary>Scenarios of the decisions, one of each after each event, and the items of each slate. Default home, 10.</summary>
    public ImmutableArray<(ScenarioId Id, int Count)> Scenarios { get; init; } = [(new("home"), 10)];

    /// <summary>Events under way at once; beyond it partitions are paused. Default 64.</summary>
    public int InFlightMax { get; init; } = 64;

    /// <summary>How far ahead of our clock an event may be. Default 5 minutes.</summary>
    public TimeSpan FutureMax { get; init; } = FutureTime.Tolerance;

    /// <summary>How long a partition that is taken away is waited for, so that what is under way is not done twice. Default 5 s.</summary>
    public TimeSpan HandOverMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Settings of librdkafka beside ours, such as <c>security.protocol</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads settings from a file of lines <c>name=value</c>; empty lines and those that begin with # are left out.</summary>
    /// <exception cref="UserErrorException">The file is not there, or a line is none.</exception>
    public static IReadOnlyDictionary<string, string> ReadSettings(string file)
    {
        if (!File.Exists(file))
        {
            throw new UserErrorException($"there is no file '{file}': write librdkafka's settings into it, one name=value a line", Cli.Usage);
        }

        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            // The line is not repeated: it may hold a password.
            var at = line.IndexOf('=', StringComparison.Ordinal);
            settings[at > 0 ? line[..at].Trim() : throw new UserErrorException($"line {number} of '{file}' is no name=value", Cli.Usage)] = line[(at + 1)..].Trim();
        }

        return settings;
    }
}
