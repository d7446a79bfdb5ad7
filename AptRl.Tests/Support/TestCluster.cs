using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote;
using Akka.Remote.Transport;
using AptRl.Actors.Clustering;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Model.Encoding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptRl.Tests.Support;

/// <summary>One node: an actor system of its own in a host of its own.</summary>
internal sealed record TestNode(IHost Host)
{
    public ActorSystem System { get; } = Host.Services.GetRequiredService<ActorSystem>();

    public IPersonalizer Personalizer { get; } = Host.Services.GetRequiredService<IPersonalizer>();

    public string Seed => $"127.0.0.1:{Akka.Cluster.Cluster.Get(System).SelfAddress.Port}";

    public async Task<ScenarioView> HomeAsync() => (await Personalizer.ScenariosAsync(CancellationToken.None)).Single();

    /// <summary>Users that are awake on this node.</summary>
    public async Task<int> AwakeAsync()
        => (await ClusterSharding.Get(System).ShardRegion("user").Ask<CurrentShardRegionState>(GetShardRegionState.Instance, TimeSpan.FromSeconds(5)))
            .Shards.Sum(shard => shard.EntityIds.Count);
}

/// <summary>Several nodes in this process over one journal, on loopback and free ports; every message between actors is serialised.</summary>
internal sealed class TestCluster(PostgresOptions? postgres) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-cluster-").FullName;
    private readonly List<TestNode> _nodes = [];

    /// <summary>A node whose network can be cut.</summary>
    public const string CanBeCut = "akka.remote.dot-netty.tcp.applied-adapters = [\"trttl\"]";

    /// <summary>A node that soon gives up where no seed lets it in.</summary>
    public const string SoonGivesUp = "akka.cluster { seed-node-timeout = 1s, shutdown-after-unsuccessful-join-seed-nodes = 2s }";

    public IReadOnlyList<TestNode> Nodes => _nodes;

    /// <param name="count">Nodes.</param>
    /// <param name="options">How they differ from the default.</param>
    /// <param name="postgres">Their database; null for an SQLite file that they share.</param>
    public static async Task<TestCluster> StartAsync(int count, Func<NodeOptions, NodeOptions>? options = null, PostgresOptions? postgres = null)
    {
        var cluster = new TestCluster(postgres);
        for (var i = 0; i < count; i++)
        {
            await cluster.AddAsync(options);
        }

        return cluster;
    }

    /// <param name="options">How it differs from the default.</param>
    /// <param name="encoderSeed">Which encoder it has.</param>
    /// <param name="hocon">Settings of its actor system over all others.</param>
    /// <param name="beside">What runs in its host beside the actors.</param>
    public async Task<TestNode> AddAsync(
        Func<NodeOptions, NodeOptions>? options = null, ulong encoderSeed = 1, string hocon = "", Action<IServiceCollection>? beside = null)
    {
        var node = new NodeOptions { Port = 0, Seeds = [.. _nodes.Take(1).Select(first => first.Seed)] };
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("shop", akka => akka.AddAptRl(new AptRlOptions
        {
            DataDirectory = _folder,
            Postgres = postgres,
            Model = EncoderModel.Fresh(new EncoderOptions(), items: [], seed: encoderSeed),
            Node = options?.Invoke(node) ?? node,
            Users = new() { TeachAgain = TimeSpan.FromSeconds(1) },
            FutureMax = null,
        }).AddHocon(
            """
            akka {
              loglevel = OFF
              cluster {
                failure-detector { heartbeat-interval = 250ms, acceptable-heartbeat-pause = 2s }
                split-brain-resolver { stable-after = 1s, down-all-when-unstable = off }
              }
            }
            """, HoconAddMode.Prepend).AddHocon(hocon, HoconAddMode.Prepend).AddHocon(NoFallback.Hocon, HoconAddMode.Prepend));
        builder.Services.AddPersonalizer();
        beside?.Invoke(builder.Services);
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        _nodes.Add(new TestNode(host));
        return _nodes[^1];
    }

    /// <summary>The node leaves in order.</summary>
    public async Task LeaveAsync(TestNode node)
    {
        await StopAsync(node.Host);
        _nodes.Remove(node);
    }

    /// <summary>From now on a node and the others hear nothing of each other. Their network <see cref="CanBeCut"/>.</summary>
    public async Task CutOffAsync(TestNode node)
    {
        foreach (var other in _nodes.Where(other => other != node))
        {
            Assert.True(await HearNoMoreAsync(node, other) && await HearNoMoreAsync(other, node));
        }

        _nodes.Remove(node);

        static Task<bool> HearNoMoreAsync(TestNode here, TestNode there)
            => ((IRemoteActorRefProvider)((ExtendedActorSystem)here.System).Provider).Transport.ManagementCommand(new SetThrottle(
                Akka.Cluster.Cluster.Get(there.System).SelfAddress, ThrottleTransportAdapter.Direction.Both, Blackhole.Instance));
    }

    /// <summary>The node is gone without a word.</summary>
    public async Task CrashAsync(TestNode node)
    {
        ((ExtendedActorSystem)node.System).Abort();
        await node.System.WhenTerminated;
        _nodes.Remove(node);
    }

    public async ValueTask DisposeAsync()
    {
        // Together: they need not hand anything over any more.
        await Task.WhenAll(_nodes.Select(node =>
        {
            ((ExtendedActorSystem)node.System).Abort();
            return node.System.WhenTerminated;
        }));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        JournalFolder.Delete(_folder);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<string?>> fault, double seconds = 30)
    {
        for (var since = Environment.TickCount64; ;)
        {
            var wrong = await fault();
            if (wrong is null)
            {
                return;
            }

            Assert.True(Environment.TickCount64 - since < seconds * 1_000, $"after {seconds} s still: {wrong}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
