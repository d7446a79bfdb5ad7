using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using Xunit;

namespace AptRl.Tests.Support;

/// <summary>A Kafka cluster without Kafka: librdkafka's own, in this process, on loopback. It speaks the protocol, groups included.</summary>
internal sealed class KafkaCluster : IDisposable
{
    // The client has chosen one of the libraries it ships, by what the system has; this is to be the same.
    static KafkaCluster()
    {
        Library.Load();
        var loaded = File.ReadLines("/proc/self/maps").First(line => line.Contains("librdkafka", StringComparison.Ordinal));
        var path = loaded[loaded.IndexOf('/', StringComparison.Ordinal)..];
        NativeLibrary.SetDllImportResolver(typeof(KafkaCluster).Assembly, (name, _, _) => name == "librdkafka" ? NativeLibrary.Load(path) : 0);
    }

    private readonly nint _client;
    private readonly nint _cluster;
    private readonly IProducer<string?, byte[]?> _producer;

    public KafkaCluster(params (string Name, int Partitions)[] topics)
    {
        _client = New(0, NewConf(), new byte[512], 512);
        _cluster = NewCluster(_client, 1);
        SetRebalanceDelay(_cluster, 100);
        foreach (var (name, partitions) in topics)
        {
            Assert.Equal(0, CreateTopic(_cluster, Encoding.UTF8.GetBytes(name + '\0'), partitions, 1));
        }

        Brokers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
        _producer = new ProducerBuilder<string?, byte[]?>(new ProducerConfig { BootstrapServers = Brokers, LingerMs = 5, QueueBufferingMaxMessages = 1_000_000 }).Build();
    }

    public string Brokers { get; }

    /// <summary>Settings of a member that is missed soon: this cluster rebalances when a session times out, also where a member left in order.</summary>
    public static IReadOnlyDictionary<string, string> Quick { get; } = new Dictionary<string, string> { ["session.timeout.ms"] = "2000", ["heartbeat.interval.ms"] = "300" };

    /// <summary>The broker is gone: its connections are cut and none is taken, until <see cref="Return"/>.</summary>
    public void Leave() => Assert.Equal(0, SetDown(_cluster, 1));

    public void Return() => Assert.Equal(0, SetUp(_cluster, 1));

    /// <summary>A topic answers all that is asked of it with an error, until it is none again.</summary>
    public void Refuse(string topic, ErrorCode error = ErrorCode.TopicAuthorizationFailed) => SetError(_cluster, Encoding.UTF8.GetBytes(topic + '\0'), (int)error);

    public Task SendAsync(string topic, string? key, string value, params (string Name, string Value)[] headers)
        => SendAsync(topic, key, Encoding.UTF8.GetBytes(value), headers);

    public Task SendAsync(string topic, string? key, byte[]? value, params (string Name, string Value)[] headers)
    {
        var message = new Message<string?, byte[]?> { Key = key, Value = value, Headers = [] };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        return _producer.ProduceAsync(topic, message);
    }

    /// <summary>Sends many without waiting for each.</summary>
    public void SendAll(string topic, IEnumerable<(string Key, string Value)> messages)
    {
        foreach (var (key, value) in messages)
        {
            _producer.Produce(topic, new Message<string?, byte[]?> { Key = key, Value = Encoding.UTF8.GetBytes(value) });
        }

        _producer.Flush(TimeSpan.FromSeconds(60));
    }

    /// <summary>Reads a topic from its beginning until there are so many messages.</summary>
    public List<ConsumeResult<string?, byte[]?>> Read(string topic, int count)
    {
        using var consumer = new ConsumerBuilder<string?, byte[]?>(
            new ConsumerConfig { BootstrapServers = Brokers, GroupId = "reader", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest }).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var read = new List<ConsumeResult<string?, byte[]?>>();
        for (var tries = 0; read.Count < count && tries < 50;)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } message)
            {
                read.Add(message);
            }
            else
            {
                tries++;
            }
        }

        return read;
    }

    /// <summary>Sum of what a group has committed of a topic.</summary>
    public long Committed(string group, string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Brokers, GroupId = group }).Build();
        return consumer.Committed(Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)), TimeSpan.FromSeconds(10))
            .Sum(offset => Math.Max(0, offset.Offset.Value));
    }

    public void Dispose()
    {
        _producer.Dispose();
        DestroyCluster(_cluster);
        Destroy(_client);
    }

    [DllImport("librdkafka", EntryPoint = "rd_kafka_conf_new")]
    private static extern nint NewConf();

    [DllImport("librdkafka", EntryPoint = "rd_kafka_new")]
    private static extern nint New(int type, nint conf, [Out] byte[] error, nuint size);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_destroy")]
    private static extern void Destroy(nint client);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_new")]
    private static extern nint NewCluster(nint client, int brokers);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static extern void DestroyCluster(nint cluster);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static extern nint Bootstraps(nint cluster);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_topic_create")]
    private static extern int CreateTopic(nint cluster, byte[] topic, int partitions, int replicas);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_topic_set_error")]
    private static extern void SetError(nint cluster, byte[] topic, int error);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    private static extern void SetRebalanceDelay(nint cluster, int milliseconds);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static extern int SetDown(nint cluster, int broker);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static extern int SetUp(nint cluster, int broker);
}
