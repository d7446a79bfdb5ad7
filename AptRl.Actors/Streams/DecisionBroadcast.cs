using Akka;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;

namespace AptRl.Actors.Streams;

/// <summary>Tells every decision of this node, and every reward that comes of one, to whoever listens.</summary>
/// <remarks>A slow listener misses the oldest and stalls nobody: see <see cref="Broadcast{T}"/>.</remarks>
public sealed class DecisionBroadcast
{
    private readonly Broadcast<Decision> _decisions = new();

    /// <summary>Decisions and what comes of them in one stream: a decision always before its rewards.</summary>
    public Broadcast<DecisionOutcome> Outcomes { get; } = new();

    /// <summary>Tells a decision. Never blocks.</summary>
    public void Tell(Decision decision)
    {
        _decisions.Tell(decision);
        if (Outcomes.IsHeard)
        {
            Outcomes.Tell(new DecisionOutcome(decision, null));
        }
    }

    /// <summary>Decisions from the moment that this is materialised, until the consumer cancels.</summary>
    /// <param name="buffer">Decisions that a consumer may be behind; at least 1.</param>
    public Source<Decision, NotUsed> Listen(int buffer) => _decisions.Listen(buffer);
}
