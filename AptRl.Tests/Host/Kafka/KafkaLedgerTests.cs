using System.Globalization;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.Hosting;
using AptRl.Host.Kafka;
using AptRl.Host.Telemetry;
using AptRl.Model.Encoding;
using AptRl.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptRl.Tests.Host.Kafka;

/// <summary>A consumer group of two on a real journal, of which one after another is killed and started again.</summary>
/// <remarks>5,000 events; <c>APTRL_KAFKA_EVENTS=200000</c> runs as many as that.</remarks>
[Collection("Torch")]
public sealed class KafkaLedgerTests : IAsyncLifetime
{
    private const int Partitions = 8;
    private const int Users = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-ledger-").FullName;
    private readonly KafkaCluster _cluster = new(("events", Partitions), ("events.dead", 1));
    private readonly long[] _settled = new long[5];
    private EmbeddedAptRl _aptRl = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Events => Environment.GetEnvironmentVariable("APTRL_KAFKA_EVENTS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 5_000;

    public async ValueTask InitializeAsync()
        => _aptRl = await EmbeddedAptRl.StartAsync(
            new AptRlOptions { DataDirectory = _folder, Model = EncoderModel.Fresh(new EncoderOptions(), [], seed: 1), FutureMax = null }, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _aptRl.DisposeAsync();
        _cluster.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Killed_and_rebalanced_three_times_a_group_of_two_counts_each_event_once()
    {
        // One in a hundred is sent twice.
        var sent = Enumerable.Range(0, Events).SelectMany(n => Enumerable.Repeat(($"u{n % Users}", KafkaIntakeTests.Plain($"e{n}", $"u{n % Users}", n / Users)), n % 100 == 0 ? 2 : 1)).ToList();
        _cluster.SendAll("events", sent);
        var options = new KafkaOptions { Brokers = _cluster.Brokers, Events = "events", FutureMax = TimeSpan.FromDays(10_000), Settings = KafkaCluster.Quick };
        using var producer = new KafkaProducer(options, TimeProvider.System, NullLogger.Instance);
        Member[] group = [Start(), Start()];
        for (var kill = 0; kill < 3; kill++)
        {
            await UntilAsync(() => Volatile.Read(ref _settled[(int)Settled.Taken]) >= Events * (kill + 1) / 5);
            await group[kill % 2].Kafka.AbortAsync();
            await group[kill % 2].Ended;
            group[kill % 2] = Start();
        }

        await UntilAsync(() => _cluster.Committed("aptrl", "events", Partitions) == sent.Count);
        foreach (var member in group)
        {
            await member.Kafka.DisposeAsync();
            await member.Ended;
        }

        var rebuilt = await RebuiltState.ReadAsync(_aptRl.System, new(), new AptRlOptions { DataDirectory = _folder, Model = null! }.Scenarios, _ => { }, Cancellation);
        Assert.Equal((Math.Min(Users, Events), Events), (rebuilt.Users, rebuilt.Accepted));
        Assert.Equal(Events, _settled[(int)Settled.Taken]);
        Assert.True(_settled[(int)Settled.Duplicate] > Events / 100, "nothing was read again: no kill left anything uncommitted");
        Assert.Equal(0, _settled[(int)Settled.Dead]);
        TestContext.Current.SendDiagnosticMessage($"{sent.Count} messages, {rebuilt.Accepted} events, settled: taken {_settled[1]}, duplicate {_settled[2]}, dropped {_settled[4]}");

        Member Start()
        {
            var kafka = new KafkaMember(options, NullLogger.Instance);
            var intake = new KafkaIntake(options, _aptRl.Personalizer, producer, new RejectLog(TimeProvider.System), TimeProvider.System, NullLogger.Instance);
            var ended = KafkaEvents.Source(() => kafka).Via(intake.Flow())
                .RunForeach(settled => Interlocked.Increment(ref _settled[(int)settled]), _aptRl.System.Materializer());
            return new Member(kafka, ended);
        }
    }

    private static async Task UntilAsync(Func<bool> isDone)
    {
        for (var tries = 0; !isDone(); tries++)
        {
            Assert.True(tries < 6_000, "ten minutes are over");
            await Task.Delay(100, Cancellation);
        }
    }

    private sealed record Member(KafkaMember Kafka, Task Ended);
}
