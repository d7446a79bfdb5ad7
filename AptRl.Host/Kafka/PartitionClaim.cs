using Confluent.Kafka;

namespace AptRl.Host.Kafka;

/// <summary>A partition for as long as this member of the group has it: what of it is under way, and up to where it is done.</summary>
/// <remarks>
/// Who takes a message enters, and leaves when it is durable or given up. Once the partition is revoked nobody enters any
/// more. A claim is for one assignment: a partition that comes back is another claim, and its messages are read again.
/// </remarks>
internal sealed class PartitionClaim(TopicPartition partition)
{
    private readonly object _lock = new();
    private int _inside;
    private bool _isRevoked;
    private long _next = -1;

    public TopicPartition Partition { get; } = partition;

    /// <summary>The offset to be read next, if all before it is durable; null where nothing is done yet.</summary>
    public TopicPartitionOffset? Done
    {
        get
        {
            lock (_lock)
            {
                return _next < 0 ? null : new TopicPartitionOffset(Partition, _next);
            }
        }
    }

    /// <summary>Whether a message of it may be taken.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            _inside += _isRevoked ? 0 : 1;
            return !_isRevoked;
        }
    }

    /// <summary>A message is not under way any more.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>All up to this message is durable; told in the order of the messages.</summary>
    public void Reach(long offset)
    {
        lock (_lock)
        {
            _next = offset + 1;
        }
    }

    /// <summary>Lets nobody enter from now on.</summary>
    public void Revoke()
    {
        lock (_lock)
        {
            _isRevoked = true;
        }
    }

    /// <summary>Whether all have left; waits for it, on the thread that polls, as the client asks of who gives a partition back.</summary>
    public bool WaitUntilLeft(TimeSpan patience)
    {
        lock (_lock)
        {
            for (var until = Environment.TickCount64 + (long)patience.TotalMilliseconds; _inside > 0;)
            {
                if (until - Environment.TickCount64 is not (> 0 and var left) || !Monitor.Wait(_lock, TimeSpan.FromMilliseconds(left)))
                {
                    return _inside == 0;
                }
            }

            return true;
        }
    }
}
