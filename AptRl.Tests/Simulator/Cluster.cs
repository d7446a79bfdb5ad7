using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>The nodes: each is started, ends, and is started again as another process.</summary>
internal sealed class Cluster(
    int count, Loop loop, Trace trace, Network network, Database database, Placement placement, AptRlOptions options, double encoderFailing, Chance chance)
{
    private readonly Node?[] _nodes = new Node?[count];
    private readonly HashSet<Node> _ready = [];
    private Chance _chance = chance;
    private int _runs;

    /// <summary>How many nodes there are to be.</summary>
    public int Count => count;

    /// <summary>Nodes that run and have joined, by their place.</summary>
    public IReadOnlyList<Node> Ready => [.. _nodes.OfType<Node>().Where(_ready.Contains)];

    /// <summary>Every process that there has been.</summary>
    public List<Process> Processes { get; } = [];

    /// <summary>A node that takes calls; null where none does.</summary>
    public Node? AnyReady() => Ready is { Count: > 0 } ready ? ready[_chance.Next(ready.Count)] : null;

    /// <summary>Starts the nodes that do not run.</summary>
    public void StartAll()
    {
        for (var index = 0; index < count; index++)
        {
            if (_nodes[index] is null)
            {
                Start(index);
            }
        }
    }

    /// <summary>Starts a node; it joins when it has the policy and the catalogue.</summary>
    public void Start(int index)
    {
        if (_nodes[index] is not null)
        {
            return;
        }

        var process = new Process($"n{index}-{++_runs}", loop);
        trace.Write(loop.Now, $"{process} starts");
        Processes.Add(process);
        var key = (ulong)_runs;
        var node = _nodes[index] = new Node(
            index, process, network, database, options,
            () => Props.CreateBy(new Made<SimulatedEncoder>(() => new SimulatedEncoder(loop, process, _chance.Split(key), encoderFailing))));
        WaitFor(node);
    }

    /// <summary>The process ends without a word. Others notice it later.</summary>
    public void Kill(Node node, string why)
    {
        if (!node.Process.IsAlive)
        {
            return;
        }

        trace.Write(loop.Now, $"{node} is killed: {why}");
        node.Process.Kill();
        _nodes[node.Index] = null;
        _ready.Remove(node);
    }

    // Asked again and again: an actor that failed to recover is started again, and what it was asked is lost.
    private void WaitFor(Node node)
    {
        node.Ask(node.Actors.Scenarios[Simulation.Home].Told, LearnerStatus.Ask, TimeSpan.FromSeconds(1), repeats: false, policy =>
            node.Ask(node.Actors.Catalogue, new CatalogueOf(), TimeSpan.FromSeconds(1), repeats: false, catalogue =>
            {
                if (policy is null || catalogue is null || placement.Members.Any(member => member.Index == node.Index) || !network.Hears(node.Process, AnyOther(node)))
                {
                    loop.After(node.Process, TimeSpan.FromMilliseconds(300), () => WaitFor(node));
                    return;
                }

                _ready.Add(node);
                placement.Join(node);
            }));
    }

    private Process AnyOther(Node node) => placement.Members.FirstOrDefault(member => !network.CutOff.Contains(member.Process))?.Process ?? node.Process;
}
