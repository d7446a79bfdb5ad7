using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.Kafka;
using AptRl.Host.Telemetry;
using AptRl.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptRl.Tests.Host.Kafka;

/// <summary>Nodes of a cluster, each a member of one consumer group, over one journal.</summary>
[Collection("Torch")]
public sealed class KafkaClusterTests
{
    private const int Users = 40;

    private static readonly IReadOnlyDictionary<string, string> Quick = new Dictionary<string, string> { ["session.timeout.ms"] = "1000", ["heartbeat.interval.ms"] = "200" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_leaves_and_the_other_takes_its_partitions_and_each_event_counts_once()
    {
        using var kafka = new KafkaCluster(("events", 4), ("events.dead", 1));
        await using var cluster = new TestCluster(postgres: null);
        var leaving = await cluster.AddAsync(beside: services => AddKafka(services, kafka));
        var staying = await cluster.AddAsync(beside: services => AddKafka(services, kafka));
        Send(kafka, 0, 400);
        await UntilCommittedAsync(kafka, 200);

        // It holds the writers too. What it had under way is taken elsewhere, under the same ids.
        var left = cluster.LeaveAsync(leaving);
        Send(kafka, 400, 400);
        await left;
        Send(kafka, 800, 200);
        await UntilCommittedAsync(kafka, 1_000);

        var rebuilt = await RebuiltState.ReadAsync(
            staying.System, new(), new AptRlOptions { DataDirectory = "", Model = null! }.Scenarios, _ => { }, Cancellation);
        Assert.Equal((Users, 1_000), (rebuilt.Users, rebuilt.Accepted));
    }

    // As the server adds it: behind the actors, so that it stops before them.
    private static void AddKafka(IServiceCollection services, KafkaCluster kafka)
    {
        services.AddSingleton(new KafkaOptions { Brokers = kafka.Brokers, Events = "events", FutureMax = TimeSpan.FromDays(10_000), Settings = Quick });
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<RejectLog>();
        services.AddHostedService<KafkaService>();
    }

    private static void Send(KafkaCluster kafka, int from, int count)
        => kafka.SendAll("events", Enumerable.Range(from, count).Select(n => ($"u{n % Users}", KafkaIntakeTests.Plain($"e{n}", $"u{n % Users}", n / Users))));

    private static Task UntilCommittedAsync(KafkaCluster kafka, int count) => TestCluster.UntilAsync(
        () => Task.FromResult(kafka.Committed("aptrl", "events", 4) is var committed && committed >= count ? null : $"{committed} of {count} are committed"), seconds: 60);
}
