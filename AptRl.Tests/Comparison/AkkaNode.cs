using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AptRl.Comparison;

/// <summary>Users as sharded actors of Akka.NET. Between processes only strings go, by Akka's own serializers.</summary>
internal sealed class AkkaNode : IContestant
{
    private const string Users = "users";
    private const char Separator = '\n';

    private readonly IHost _host;
    private readonly IActorRef _region;

    private AkkaNode(IHost host, IActorRef region) => (_host, _region) = (host, region);

    /// <summary>Starts a node; it is up when this returns.</summary>
    /// <param name="port">Where it listens; 0 takes a free port.</param>
    /// <param name="seed">Port of the node to join; its own to begin a cluster.</param>
    /// <param name="hasUsers">Whether users live here.</param>
    public static async Task<AkkaNode> StartAsync(int port, int seed, bool hasUsers)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("comparison", akka =>
        {
            akka.AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF }", HoconAddMode.Prepend);
            akka.WithRemoting("127.0.0.1", port).WithClustering(new ClusterOptions
            {
                Roles = hasUsers ? [Users] : ["calls"],
                SeedNodes = [$"akka.tcp://comparison@127.0.0.1:{seed}"],
            });
            if (hasUsers)
            {
                akka.WithShardRegion<BrainActor>(Users, name => Props.Create(() => new BrainActor(name)), new Extractor(), new ShardOptions { Role = Users, StateStoreMode = StateStoreMode.DData });
            }
            else
            {
                akka.WithShardRegionProxy<BrainActor>(Users, Users, new Extractor());
            }
        });
        var host = builder.Build();
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var up = new TaskCompletionSource();
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(() => up.TrySetResult());
        await up.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return new AkkaNode(host, host.Services.GetRequiredService<IRequiredActor<BrainActor>>().ActorRef);
    }

    public Task<string> DecideAsync(string user, string request) => _region.Ask<string>($"{user}{Separator}{request}", TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class BrainActor : ReceiveActor
    {
        public BrainActor(string user)
        {
            var brain = new Brain(user);
            Receive<string>(message => Sender.Tell(brain.Decide(message[(message.IndexOf(Separator, StringComparison.Ordinal) + 1)..])));
        }
    }

    private sealed class Extractor() : HashCodeMessageExtractor(64)
    {
        public override string? EntityId(object message) => message is string text ? text[..text.IndexOf(Separator, StringComparison.Ordinal)] : null;
    }
}
