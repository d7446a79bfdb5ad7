using System.Globalization;
using System.Text;
using System.Text.Json;
using AptRl.Host.Http;
using AptRl.Host.Http.Contracts;
using AptRl.Model.Events;
using Confluent.Kafka;

namespace AptRl.Host.Kafka;

/// <summary>Writes decisions and dead letters. A message is written when all replicas that are in sync have it.</summary>
internal sealed class KafkaProducer : IDisposable
{
    private readonly KafkaOptions _options;
    private readonly TimeProvider _clock;
    private readonly IProducer<byte[]?, byte[]?> _producer;

    public KafkaProducer(KafkaOptions options, TimeProvider clock, ILogger log)
    {
        (_options, _clock) = (options, clock);
        var settings = new ProducerConfig(options.Settings.ToDictionary())
        {
            BootstrapServers = options.Brokers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 2,
            MessageTimeoutMs = 30_000,
        };
        _producer = new ProducerBuilder<byte[]?, byte[]?>(settings)
            .SetErrorHandler((_, error) => log.Troubled(error.Reason))
            .SetLogHandler((_, message) => log.Told(message.Facility, message.Message))
            .Build();
    }

    /// <summary>Writes a decision as a CloudEvent in binary mode, keyed by its user.</summary>
    public Task WriteAsync(Decision decision)
        => _producer.ProduceAsync(_options.Decisions, new Message<byte[]?, byte[]?>
        {
            Key = Encoding.UTF8.GetBytes(decision.User.Value),
            Value = JsonSerializer.SerializeToUtf8Bytes(Wire.Audit(decision, rewards: null, explain: false), WireJson.Web.RecommendationAudit),
            Headers = Headers(
                ("ce_specversion", "1.0"), ("ce_id", decision.Id.Value), ("ce_source", $"/aptrl/{Uri.EscapeDataString(decision.Scenario.Value)}"), ("ce_type", "aptrl.decision.v1"),
                ("ce_subject", decision.User.Value), ("ce_time", decision.At.ToString("O", CultureInfo.InvariantCulture)), ("content-type", "application/json")),
        });

    /// <summary>Writes a message that could not be taken as it came, with the reason beside it.</summary>
    public Task WriteDeadAsync(KafkaMessage message, string code, string reason)
    {
        var headers = Headers(
            ("aptrl_code", code), ("aptrl_reason", reason), ("aptrl_topic", message.Claim.Partition.Topic),
            ("aptrl_partition", message.Claim.Partition.Partition.Value.ToString(CultureInfo.InvariantCulture)),
            ("aptrl_offset", message.Offset.ToString(CultureInfo.InvariantCulture)),
            ("aptrl_time", _clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
        foreach (var header in message.Content.Headers ?? [])
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        return _producer.ProduceAsync(_options.DeadLetters, new Message<byte[]?, byte[]?> { Key = message.Content.Key, Value = message.Content.Value, Headers = headers });
    }

    public void Dispose()
    {
        _producer.Flush(TimeSpan.FromSeconds(5));
        _producer.Dispose();
    }

    private static Headers Headers(params (string Name, string Value)[] values)
    {
        var headers = new Headers();
        foreach (var (name, value) in values)
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }

        return headers;
    }
}
