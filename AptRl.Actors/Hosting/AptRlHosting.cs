using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Hosting;
using AptRl.Actors.Clustering;
using AptRl.Actors.Persistence;
using AptRl.Actors.Serialization;
using AptRl.Actors.Streams;
using AptRl.Actors.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AptRl.Actors.Hosting;

/// <summary>The way in: puts AptRl into a host.</summary>
public static class AptRlHosting
{
    /// <summary>
    /// Adds AptRl to an actor system that is otherwise the host's own; it becomes a cluster of one node on loopback, or
    /// with <see cref="AptRlOptions.Node"/> one node of several.
    /// Ask it through <see cref="Personalizer(ActorSystem)"/>, or register that with <see cref="AddPersonalizer"/>.
    /// </summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="IOException">Another process uses the data folder or the database's schema, or the database is away.</exception>
    /// <exception cref="InvalidDataException">The data folder or the schema holds something that is no journal, or the node does not fit into the cluster.</exception>
    /// <remarks>The host has started when policy and catalogue are recovered and in force: no decision is made without them.</remarks>
    public static AkkaConfigurationBuilder AddAptRl(this AkkaConfigurationBuilder builder, AptRlOptions options)
    {
        options.Checked();
        var store = JournalStore.Open(options.DataDirectory, options.Durability, options.Node is null ? options.Postgres : options.Postgres?.Shared);
        var held = Taken(options, store);
        var gate = new JournalGate();
        var node = new NodeActors(new DecisionBroadcast());
        var shop = options.Node is null ? null : Joining.ShopOf(options.Model.Version, options.Scenarios);

        builder
            .AddSetup(store.Setup())
            .AddSetup(new PersonalizerSetup(options, node, store, gate))
            .AddHocon(store.Hocon, HoconAddMode.Prepend)
            .AddHocon(Hocon, HoconAddMode.Prepend)
            .AddHocon(JournalStore.Defaults, HoconAddMode.Append)
            .WithCustomSerializer("aptrl-journal", JournalSerializer.Types, system => new JournalSerializer(system))
            .WithCustomSerializer("aptrl-messages", MessageSerializer.Types, system => new MessageSerializer(system))
            .WithCustomSerializer("aptrl-none", [typeof(IWithinNode)], system => new NoSerializer(system));
        return (options.Node is { } several && shop is not null ? builder.WithNode(several, shop) : builder.WithOneNode())
            .WithActors((system, _) =>
            {
                system.RegisterOnTermination(() =>
                {
                    options.Model.Dispose();
                    held.Store?.Dispose();
                    held.Folder.Dispose();
                    store.Dispose();
                });
                store.Attend(system, held.Store, gate);
                if (options.Node is { } itself)
                {
                    node.StartInCluster(system, options, itself, NodeParts.Of(system, options, itself));
                }
                else
                {
                    node.Start(system, options);
                }

                if (options.Users.Retention is { } retention)
                {
                    system.ActorOf(Props.Create(() => new RetentionActor(retention, TimeProvider.System)), "retention");
                }
            })
            .WithShardRegion<UserActor>(
                "user",
                (_, _) => UserProps(new UserDependencies(options.WindowsInForce, options.Users, node.Encoder, node.Scenarios, node.Broadcast)),
                new UserRouter(),
                new ShardOptions
                {
                    Role = options.Node is null ? null : NodeRoles.Users,
                    StateStoreMode = StateStoreMode.DData,
                    RememberEntities = false,
                    PassivateIdleEntityAfter = options.Users.IdleMax,
                    HandOffStopMessage = Retire.Instance,
                })
            .AddStartup(async (system, _) =>
            {
                await Joining.JoinAsync(system, options.Node, shop).ConfigureAwait(false);
                await node.RecoveredAsync().ConfigureAwait(false);
                if (options.TakesOver)
                {
                    await node.TakeOverAsync(system, options).ConfigureAwait(false);
                }
            });
    }

    /// <summary>The personalizer of an actor system that AptRl was added to.</summary>
    /// <exception cref="InvalidOperationException">AptRl was not added to it.</exception>
    public static IPersonalizer Personalizer(this ActorSystem system) => system.WithExtension<PersonalizerExtension, PersonalizerExtensionProvider>().Personalizer;

    /// <summary>Registers the actor system's <see cref="IPersonalizer"/>, to be used once the host has started.</summary>
    public static IServiceCollection AddPersonalizer(this IServiceCollection services)
        => services.AddSingleton(provider => provider.GetRequiredService<ActorSystem>().Personalizer())
            .AddSingleton<IDecisionLogs, JournalDecisionLogs>();

    private static (DataLock Folder, IDisposable? Store) Taken(AptRlOptions options, JournalStore store)
    {
        var folder = default(DataLock);
        try
        {
            folder = new DataLock(options.DataDirectory, isShared: options.Node is not null);
            return (folder, store.Take());
        }
        catch
        {
            folder?.Dispose();
            store.Dispose();
            throw;
        }
    }

    private static readonly Config Hocon = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = WARNING
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.exit-clr = off
          cluster {
            min-nr-of-members = 1
            seed-node-timeout = 1s
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            distributed-data {
              durable.keys = []
              gossip-interval = 500ms
              notify-subscribers-interval = 100ms
            }
            sharding {
              retry-interval = 200ms
              waiting-for-state-timeout = 1s
              updating-state-timeout = 2s
              handoff-timeout = 30s
              rebalance-absolute-limit = 20
            }
            singleton.hand-over-retry-interval = 200ms
          }
        }
        aptrl.encoder-dispatcher {
          type = "AptRl.Actors.Encoding.OwnThreadDispatcherConfigurator, AptRl.Actors"
          throughput = 100
        }
        """);

    internal static Func<string, Props> UserProps(UserDependencies dependencies)
        => user => Props.CreateBy(new UserProducer(new Model.Events.UserId(user), dependencies));

    // Props.Create compiles its expression for each user, which costs more than the user does.
    private sealed class UserProducer(Model.Events.UserId user, UserDependencies dependencies) : IIndirectActorProducer
    {
        public Type ActorType => typeof(UserActor);

        public ActorBase Produce() => new UserActor(user, dependencies);

        public void Release(ActorBase actor)
        {
        }
    }
}
