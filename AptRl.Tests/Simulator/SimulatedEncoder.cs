using Akka.Actor;
using AptRl.Actors.Encoding;
using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>In the place of the transformer: a state that depends on the window alone, sometimes late, sometimes busy, sometimes none.</summary>
internal sealed class SimulatedEncoder : ReceiveActor
{
    public SimulatedEncoder(Loop loop, Process process, Chance chance, double failing)
    {
        Receive<Encode>(asked =>
        {
            var asker = Sender;
            var fate = chance.NextDouble() >= failing ? 0 : 1 + chance.Next(2);
            if (fate == 1)
            {
                asker.Tell(new EncoderBusy(asked.For, "drawn"));
            }
            else if (fate == 0)
            {
                var state = OneSpace.Drawn(asked.Window.Aggregate(7UL, (sum, touch) => unchecked((sum * 31) + StableHash.Of($"{touch.Item}"))));
                loop.After(process, TimeSpan.FromMilliseconds(chance.Next(8)), () => asker.Tell(new Encoded(asked.For, state)));
            }
        });
    }
}
