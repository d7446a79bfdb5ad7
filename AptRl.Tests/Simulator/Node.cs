using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;
using Akka.Streams;
using AptRl.Actors.Clustering;
using AptRl.Actors.Hosting;
using AptRl.Actors.Serialization;
using AptRl.Actors.Streams;
using AptRl.Actors.Users;

namespace AptRl.Tests.Simulator;

/// <summary>One run of one node: a process with the real actors in it, wired to the simulated cluster.</summary>
internal sealed class Node
{
    private static readonly Config Hocon = ConfigurationFactory.ParseString(
        $$"""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.run-by-actor-system-terminate = off
          scheduler.implementation = "{{typeof(LoopScheduler).AssemblyQualifiedName}}"
          actor {
            default-dispatcher.type = "{{typeof(LoopDispatcherConfigurator).AssemblyQualifiedName}}"
            internal-dispatcher.type = "{{typeof(LoopDispatcherConfigurator).AssemblyQualifiedName}}"
            default-blocking-io-dispatcher.type = "{{typeof(LoopDispatcherConfigurator).AssemblyQualifiedName}}"
          }
          persistence {
            journal.plugin = "simulated-journal"
            snapshot-store.plugin = "simulated-snapshots"
            query.journal.sql.class = "{{typeof(DatabaseQueryProvider).AssemblyQualifiedName}}"
            dispatchers {
              default-plugin-dispatcher.type = "{{typeof(LoopDispatcherConfigurator).AssemblyQualifiedName}}"
              default-replay-dispatcher.type = "{{typeof(LoopDispatcherConfigurator).AssemblyQualifiedName}}"
              default-stream-dispatcher.type = "{{typeof(LoopDispatcherConfigurator).AssemblyQualifiedName}}"
            }
          }
        }
        simulated-journal.class = "{{typeof(DatabaseJournal).AssemblyQualifiedName}}"
        simulated-snapshots.class = "{{typeof(DatabaseSnapshots).AssemblyQualifiedName}}"
        """).WithFallback(Akka.Persistence.Persistence.DefaultConfig()).WithFallback(ActorMaterializer.DefaultConfig());

    private readonly Dictionary<string, (IActorRef Host, IActorRef Way)> _writers = new(StringComparer.Ordinal);

    public Node(int index, Process process, Network network, Database database, AptRlOptions options, Func<Props> encoder)
    {
        (Index, Process) = (index, process);
        process.Start(() => ActorSystem.Create(process.Name, ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(Hocon), new ProcessSetup(process), new DatabaseSetup(database),
            SerializationSetup.Create(system =>
            [
                SerializerDetails.Create("aptrl-journal", new JournalSerializer(system), [.. JournalSerializer.Types]),
                SerializerDetails.Create("aptrl-messages", new MessageSerializer(system), [.. MessageSerializer.Types]),
                SerializerDetails.Create("aptrl-none", new NoSerializer(system), [typeof(IWithinNode)]),
            ]))));
        var system = process.System;

        // Made before anybody uses it: a stream that is run while its supervisor is still being made waits for it on this thread.
        system.Materializer();
        Actors = new NodeActors(new DecisionBroadcast());
        Actors.StartInCluster(system, options, options.Node!, new NodeParts(encoder(), OneSpace.Instance, null, WayTo, new LoopClock(process.Loop)) { Jitter = 0 });
        var users = AptRlHosting.UserProps(new UserDependencies(options.WindowsInForce, options.Users, Actors.Encoder, Actors.Scenarios, Actors.Broadcast));
        Region = system.ActorOf(Props.CreateBy(new Made<UserRegion>(() => new UserRegion(this, network, users, options.Users.IdleMax))), "users");

        IActorRef WayTo(string name, Props writer)
        {
            var host = system.ActorOf(Props.CreateBy(new Made<WriterHost>(() => new WriterHost(writer))), $"writer-{name}");
            var way = system.ActorOf(Props.CreateBy(new Made<ToWriter>(() => new ToWriter())), $"to-writer-{name}");
            _writers[name] = (host, way);
            return way;
        }
    }

    public int Index { get; }

    public Process Process { get; }

    public NodeActors Actors { get; }

    public IActorRef Region { get; }

    /// <summary>Messages that wait in its region until it is told where they go.</summary>
    public int Unplaced { get; set; }

    /// <summary>Names of the writers that it may hold.</summary>
    public IEnumerable<string> Writers => _writers.Keys;

    /// <summary>Where a writer is if it is here.</summary>
    public IActorRef HostOf(string writer) => _writers[writer].Host;

    /// <summary>By which the actors here reach a writer.</summary>
    public IActorRef WayTo(string writer) => _writers[writer].Way;

    /// <summary>Lets an actor of this node answer a question, as it would to a caller here.</summary>
    /// <param name="asked">Who is asked.</param>
    /// <param name="question">What.</param>
    /// <param name="timeout">For how long.</param>
    /// <param name="repeats">Whether it is asked again meanwhile, as <see cref="Asking"/> does.</param>
    /// <param name="answered">Told the answer, or null where none came; never where the process ends.</param>
    public void Ask(IActorRef asked, object question, TimeSpan timeout, bool repeats, Action<object?> answered)
        => Process.System.ActorOf(Props.CreateBy(new Made<Asker>(() => new Asker(asked, question, timeout, repeats, answered))));

    public override string ToString() => Process.Name;
}

/// <summary>Makes an actor by a function: an expression would be compiled for each.</summary>
internal sealed class Made<TActor>(Func<TActor> make) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }
}
