using Akka.Actor;

namespace AptRl.Tests.Simulator;

/// <summary>A node's process from its start to its end.</summary>
/// <remarks>It ends as a killed one does: nothing of it runs any more, and nothing is told, flushed or stopped.</remarks>
internal sealed class Process(string name, Loop loop)
{
    /// <summary>The process whose actor system is being made on this thread.</summary>
    [ThreadStatic]
    private static Process? _starting;

    public static Process? Starting => _starting;

    public string Name { get; } = name;

    public Loop Loop { get; } = loop;

    public bool IsAlive { get; private set; } = true;

    public ActorSystem System { get; private set; } = null!;

    public void Start(Func<ActorSystem> make)
    {
        _starting = this;
        try
        {
            System = make();
        }
        finally
        {
            _starting = null;
        }
    }

    public void Kill() => IsAlive = false;

    /// <summary>After the simulation: gives back what the actor system holds of this test's process.</summary>
    public Task CleanUp()
    {
        IsAlive = true;
        return System.Terminate();
    }

    public override string ToString() => Name;
}
