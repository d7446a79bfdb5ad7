using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;

namespace AptRl.Tests.Simulator;

/// <summary>Tells the parts of an actor system which process they belong to.</summary>
internal sealed class ProcessSetup(Process process) : Setup
{
    public Process Process { get; } = process;
}

/// <summary>Makes <see cref="LoopDispatcher"/>s: named in the configuration as every dispatcher's type.</summary>
public sealed class LoopDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly LoopDispatcher _dispatcher;

    public LoopDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
        => _dispatcher = new LoopDispatcher(this, prerequisites.Settings.Setup.Get<ProcessSetup>().Value.Process);

    public override MessageDispatcher Dispatcher() => _dispatcher;
}

/// <summary>Gives all that actors do to the loop, one message at a time.</summary>
internal sealed class LoopDispatcher : MessageDispatcher
{
    private readonly Process _process;

    public LoopDispatcher(MessageDispatcherConfigurator configurator, Process process)
        : base(configurator)
        => (_process, Throughput) = (process, 1);

    protected override void ExecuteTask(IRunnable run) => _process.Loop.Run(_process, run);

    protected override void Shutdown()
    {
    }
}
