using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Users;
using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>Carries messages between processes as bytes, in order between any two, late or not at all.</summary>
/// <remarks>
/// As Akka.Remote does it keeps the order within one association. Stronger than Akka.Remote, by the seed: single messages are lost
/// without those after them, come twice, or overtake others; there that takes a connection that breaks and is made anew.
/// </remarks>
internal sealed class Network(Loop loop, Trace trace, Chance chance)
{
    private readonly Dictionary<(Process From, Process To), TimeSpan> _arrivals = [];
    private readonly HashSet<Process> _cutOff = [];
    private readonly HashSet<Process> _quarantined = [];
    private Chance _chance = chance;

    /// <summary>Share of messages that are lost.</summary>
    public double Loss { get; set; }

    /// <summary>Share of messages that come twice.</summary>
    public double Twice { get; set; }

    /// <summary>Share of messages that overtake or fall behind.</summary>
    public double Disorder { get; set; }

    /// <summary>How long a message takes at most, usually.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Processes on the smaller side of a cut.</summary>
    public IReadOnlySet<Process> CutOff => _cutOff;

    /// <summary>From now on these hear the others no more, nor the others them.</summary>
    public void Cut(IEnumerable<Process> processes) => _cutOff.UnionWith(processes);

    /// <summary>All hear all again.</summary>
    public void Heal() => _cutOff.Clear();

    /// <summary>From now on nobody hears this process.</summary>
    public void Quarantine(Process process) => _quarantined.Add(process);

    /// <summary>Whether one hears the other.</summary>
    public bool Hears(Process one, Process other)
        => one == other || (_cutOff.Contains(one) == _cutOff.Contains(other) && _quarantined.Contains(one) == _quarantined.Contains(other));

    /// <summary>An actor as a process sees it.</summary>
    public IActorRef SeenFrom(Process here, Process there, IActorRef target) => here == there ? target : new FarRef(this, here, there, target);

    /// <summary>Sends.</summary>
    public void Send(Process from, Process to, IActorRef target, object message, IActorRef? sender)
    {
        var serializer = from.System.Serialization.FindSerializerFor(message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        var bytes = serializer.ToBinary(message);

        // A deletion takes what it finds: the second of two would take what came between them. No node sends one twice.
        var times = _chance.NextDouble() < Loss ? 0 : _chance.NextDouble() < Twice && message is not Delete ? 2 : 1;
        trace.Write(loop.Now, $"{from} → {to} {Words.Of(message)}{(times == 0 ? ": lost" : !Hears(from, to) ? ": cut" : times == 2 ? " twice" : "")}");
        if (!Hears(from, to))
        {
            return;
        }

        for (var time = 0; time < times; time++)
        {
            var arrival = loop.Now + (Delay * _chance.NextDouble());
            if (_chance.NextDouble() < Disorder && message is not (Teach or Delete or Forget { Through: long.MaxValue }))
            {
                arrival += TimeSpan.FromMilliseconds(_chance.Next(3_000));
            }
            else
            {
                var before = _arrivals.GetValueOrDefault((from, to));
                arrival = arrival > before ? arrival : before;
                _arrivals[(from, to)] = arrival;
            }

            loop.After(to, arrival - loop.Now, () => Deliver(from, to, target, serializer.Identifier, manifest, bytes, sender));
        }
    }

    private void Deliver(Process from, Process to, IActorRef target, int serializer, string manifest, byte[] bytes, IActorRef? sender)
    {
        if (!Hears(from, to))
        {
            return;
        }

        var message = to.System.Serialization.Deserialize(bytes, serializer, manifest);
        target.Tell(message, sender switch
        {
            null => ActorRefs.NoSender,
            FarRef far => SeenFrom(to, far.There, far.Target),
            _ => SeenFrom(to, from, sender),
        });
    }
}
