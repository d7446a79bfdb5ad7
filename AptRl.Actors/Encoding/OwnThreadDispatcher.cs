using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;

namespace AptRl.Actors.Encoding;

/// <summary>Makes <see cref="OwnThreadDispatcher"/>s: named in the configuration as the encoder dispatcher's type.</summary>
public sealed class OwnThreadDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly OwnThreadDispatcher _dispatcher;

    /// <summary>Made by the actor system.</summary>
    public OwnThreadDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
        => _dispatcher = new OwnThreadDispatcher(this);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher;
}

/// <summary>Runs its one actor on a thread that sleeps while there is nothing to do.</summary>
/// <remarks>
/// As Akka's PinnedDispatcher, whose idle thread spins instead: beside a server on two cores that took a tenth of a core.
/// What waits is a mailbox run, of which an actor has one at most.
/// </remarks>
public sealed class OwnThreadDispatcher : MessageDispatcher
{
    private readonly BlockingCollection<IRunnable> _runs = [];

    /// <summary>Starts the thread.</summary>
    public OwnThreadDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator)
        => new Thread(RunAll) { IsBackground = true, Name = "aptrl-encoder" }.Start();

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run) => _runs.Add(run);

    /// <inheritdoc/>
    protected override void Shutdown() => _runs.CompleteAdding();

    private void RunAll()
    {
        foreach (var run in _runs.GetConsumingEnumerable())
        {
            run.Run();
        }
    }
}
