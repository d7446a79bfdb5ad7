using System.Threading.Channels;
using Confluent.Kafka;

namespace AptRl.Host.Kafka;

/// <summary>A member of the consumer group: reads its partitions on a thread of its own into a bounded channel.</summary>
/// <remarks>
/// <para>It polls whether there is room or not, or the group would take it for dead; where there is none the partitions are
/// paused. Offsets are committed of what <see cref="PartitionClaim.Reach"/> was told, once a second and when a partition goes.</para>
/// <para>Revoked: nothing more of the partition is begun; what is under way is waited for, up to a bound; then what is durable
/// is committed, and only then has the next member the partition. What was not waited for is read again by that member, and
/// the events' ids make it a duplicate. Lost (the group had given this member up): the same without a commit.</para>
/// </remarks>
internal sealed class KafkaMember : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // A pause throws away what was fetched ahead: not for every moment in which there is no room.
    private const int PatienceMilliseconds = 250;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan CommitEvery = TimeSpan.FromSeconds(1);

    private readonly KafkaOptions _options;
    private readonly ILogger _log;
    private readonly Channel<KafkaMessage> _messages;
    private readonly Dictionary<TopicPartition, PartitionClaim> _claims = [];
    private readonly Dictionary<TopicPartition, long> _committed = [];
    private readonly Queue<KafkaMessage> _held = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAborted;
    private bool _isPaused;

    public KafkaMember(KafkaOptions options, ILogger log)
    {
        (_options, _log) = (options, log);
        _messages = Channel.CreateBounded<KafkaMessage>(new BoundedChannelOptions(options.InFlightMax) { SingleReader = true, SingleWriter = true });
        var settings = new ConsumerConfig(options.Settings.ToDictionary())
        {
            BootstrapServers = options.Brokers,
            GroupId = options.Group,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        };
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings)
            .SetPartitionsAssignedHandler((_, partitions) => partitions.ForEach(partition => _claims[partition] = new PartitionClaim(partition)))
            .SetPartitionsRevokedHandler((_, partitions) => Release(partitions.Select(partition => partition.TopicPartition), isLost: false))
            .SetPartitionsLostHandler((_, partitions) => Release(partitions.Select(partition => partition.TopicPartition), isLost: true))
            .SetErrorHandler((_, error) => _log.Troubled(error.Reason))
            .SetLogHandler((_, message) => _log.Told(message.Facility, message.Message))
            .Build();
        _thread = new Thread(Run) { IsBackground = true, Name = "kafka" };
        _thread.Start();
    }

    /// <summary>The next message; null when there will be no more.</summary>
    /// <exception cref="KafkaException">The client cannot go on.</exception>
    public async Task<KafkaMessage?> ReadAsync()
        => await _messages.Reader.WaitToReadAsync() && _messages.Reader.TryRead(out var message) ? message : null;

    /// <summary>Ends as a killed process does: nothing is waited for or committed, and the group is not told.</summary>
    public async Task AbortAsync()
    {
        _isAborted = true;
        await _stop.CancelAsync();
        await _ended.Task;
    }

    /// <summary>Waits for what is under way, commits, and leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ended.Task;
    }

    private void Run()
    {
        var fault = default(Exception);
        try
        {
            _consumer.Subscribe(_options.Events);
            var committedAt = Environment.TickCount64;
            while (!_stop.IsCancellationRequested)
            {
                Take(Next());
                if (Environment.TickCount64 - committedAt >= CommitEvery.TotalMilliseconds)
                {
                    committedAt = Environment.TickCount64;
                    Commit(_claims.Values);
                }
            }
        }
        catch (KafkaException error)
        {
            fault = error;
        }

        _messages.Writer.TryComplete(fault);
        Close();
        _ended.TrySetResult();
    }

    private void Take(ConsumeResult<byte[]?, byte[]?>? read)
    {
        if (read is { IsPartitionEOF: false } && _claims.TryGetValue(read.TopicPartition, out var claim))
        {
            _held.Enqueue(new KafkaMessage(claim, read.Offset.Value, read.Message));
        }

        Pass();
        for (var waited = 0; _held.Count > 0 && !_isPaused && waited < PatienceMilliseconds && !_stop.Token.WaitHandle.WaitOne(1); waited++)
        {
            Pass();
        }

        if (_held.Count > 0 && (!_isPaused || read is not null))
        {
            // A partition that was assigned meanwhile is not paused yet and may give one more.
            _consumer.Pause(_consumer.Assignment);
            _isPaused = true;
        }
        else if (_held.Count == 0 && _isPaused && _messages.Reader.Count <= _options.InFlightMax / 2)
        {
            _consumer.Resume(_consumer.Assignment);
            _isPaused = false;
        }
    }

    private void Pass()
    {
        while (_held.TryPeek(out var message) && _messages.Writer.TryWrite(message))
        {
            _held.Dequeue();
        }
    }

    private ConsumeResult<byte[]?, byte[]?>? Next()
    {
        try
        {
            return _consumer.Consume(_isPaused ? Moment : Poll);
        }
        catch (ConsumeException fault) when (!fault.Error.IsFatal)
        {
            _log.Troubled(fault.Error.Reason);
            return null;
        }
    }

    private void Release(IEnumerable<TopicPartition> partitions, bool isLost)
    {
        var claims = new List<PartitionClaim>();
        foreach (var partition in partitions)
        {
            if (_claims.Remove(partition, out var claim))
            {
                claims.Add(claim);
            }
        }

        claims.ForEach(claim => claim.Revoke());
        if (isLost || _isAborted)
        {
            return;
        }

        var until = Environment.TickCount64 + (long)_options.HandOverMax.TotalMilliseconds;
        if (!claims.TrueForAll(claim => claim.WaitUntilLeft(TimeSpan.FromMilliseconds(Math.Max(0, until - Environment.TickCount64)))))
        {
            _log.StillUnderWay(_options.HandOverMax.TotalSeconds);
        }

        Commit(claims);
        claims.ForEach(claim => _committed.Remove(claim.Partition));
    }

    private void Commit(IEnumerable<PartitionClaim> claims)
    {
        var done = claims.Select(claim => claim.Done).OfType<TopicPartitionOffset>()
            .Where(offset => _committed.GetValueOrDefault(offset.TopicPartition, -1) < offset.Offset.Value).ToList();
        if (done.Count == 0)
        {
            return;
        }

        try
        {
            _consumer.Commit(done);
            done.ForEach(offset => _committed[offset.TopicPartition] = offset.Offset.Value);
        }
        catch (KafkaException fault) when (!fault.Error.IsFatal)
        {
            _log.NotCommitted(fault.Error.Reason);
        }
    }

    private void Close()
    {
        try
        {
            if (!_isAborted)
            {
                // Gives the partitions back, by the handler above.
                _consumer.Close();
            }
        }
        catch (KafkaException fault)
        {
            _log.NotLeft(fault.Error.Reason);
        }

        _consumer.Dispose();
    }
}
