using AptRl.Actors.Telemetry;

namespace AptRl.Actors.Clustering;

/// <summary>How many calls of a node may wait for other nodes at once.</summary>
/// <remarks>
/// All nodes speak over one connection each way, with their heartbeats: more and more messages on it would let a healthy node
/// look dead. So what is beyond the bound is not sent and told Busy. Null in place of a bound is none.
/// </remarks>
internal sealed class InFlight(int? max)
{
    private int _count;

    public bool TryEnter()
    {
        if (max is null || Interlocked.Increment(ref _count) <= max)
        {
            return true;
        }

        Leave();
        Meters.Refused("node");
        return false;
    }

    public void Leave()
    {
        if (max is not null)
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
