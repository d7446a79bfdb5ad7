using System.Net;
using System.Threading.Channels;
using Polly;

namespace AptRl.Client;

/// <summary>Gathers events and sends them in batches. Safe for use by several threads at once; one for a process is enough.</summary>
/// <remarks>
/// <para>A batch is sent when it has <see cref="EventSenderOptions.BatchMax"/> events or its first one has waited for
/// <see cref="EventSenderOptions.AgeMax"/>; one request is under way at a time, so that events stay in order.</para>
/// <para>An event is counted as accepted when the server has answered that it is durable, and not before. Until then the
/// batch is tried again, without end and with growing waits: while the server is away the queue fills, and at
/// <see cref="EventSenderOptions.WaitingMax"/> nothing more is taken. A batch that the server refuses as a whole, because it is
/// too large or holds what cannot be read, is halved until the event is found that it is about.</para>
/// <para>The queue is in memory: what waits in it is lost with the process. Who cannot afford that awaits
/// <see cref="SendAsync"/>, or keeps events and sends them again with the same ids, which counts once.</para>
/// </remarks>
public sealed class EventSender : IAsyncDisposable
{
    private const string GivenUpReason = "the sender was closed before the server had answered: it may have the event or not; send it again with the same id";

    private readonly AptRlClient _client;
    private readonly EventSenderOptions _options;
    private readonly ResiliencePipeline _retries;
    private readonly Channel<Waiting> _queue;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task _loop;
    private long _given;
    private long _accepted;
    private long _duplicate;
    private long _late;
    private long _rejected;
    private long _givenUp;
    private long _full;

    internal EventSender(AptRlClient client, EventSenderOptions options)
    {
        (_client, _options) = (client, options.Checked());
        _retries = Retries.Of(client.Options, int.MaxValue, error => !IsAboutTheBody(error));
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(options.WaitingMax) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>What became of the events so far.</summary>
    public EventSenderCounts Counts
    {
        get
        {
            // What is done is read before what was given, so that nothing waits that is done.
            var (accepted, duplicate, late) = (Interlocked.Read(ref _accepted), Interlocked.Read(ref _duplicate), Interlocked.Read(ref _late));
            var (rejected, givenUp, full) = (Interlocked.Read(ref _rejected), Interlocked.Read(ref _givenUp), Interlocked.Read(ref _full));
            var given = Interlocked.Read(ref _given);
            return new(given, given - accepted - duplicate - late - rejected - givenUp, accepted, duplicate, late, rejected, givenUp, full);
        }
    }

    /// <summary>Takes an event and sends it some time later.</summary>
    /// <returns>False where the queue is full or the sender is closed: the event was not taken, and was counted as <see cref="EventSenderCounts.Full"/>.</returns>
    public bool TryPost(ShopEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        Interlocked.Increment(ref _given);
        if (_queue.Writer.TryWrite(new Waiting(@event, null)))
        {
            return true;
        }

        Interlocked.Decrement(ref _given);
        Interlocked.Increment(ref _full);
        return false;
    }

    /// <summary>Takes an event, after waiting for a place where the queue is full, and returns when the server has answered it.</summary>
    /// <param name="event">It goes with others in one request.</param>
    /// <param name="cancellation">Ends the wait for a place, and that for the answer; an event that has been taken is sent all the same.</param>
    /// <exception cref="AptRlException">The sender was closed before the server had answered: it may have the event or not.</exception>
    /// <exception cref="ChannelClosedException">The sender is closed.</exception>
    public async Task<EventResult> SendAsync(ShopEvent @event, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var waiting = new Waiting(@event, NewAnswer());
        await WriteAsync(waiting, cancellation);
        return await waiting.Answer!.Task.WaitAsync(cancellation);
    }

    /// <summary>Sends what waits, without waiting for more, and returns when all that was taken before the call is settled.</summary>
    /// <exception cref="AptRlException">The sender was closed before.</exception>
    /// <exception cref="ChannelClosedException">The sender is closed.</exception>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        var waiting = new Waiting(null, NewAnswer());
        await _queue.Writer.WriteAsync(waiting, cancellation);
        await waiting.Answer!.Task.WaitAsync(cancellation);
    }

    /// <summary>Takes nothing more and sends what waits, for <see cref="EventSenderOptions.CloseTimeout"/> at most; the rest is given up and told of.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            using var timer = _client.Options.Clock.CreateTimer(_ => _giveUp.Cancel(), null, _options.CloseTimeout, Timeout.InfiniteTimeSpan);
            await _loop;
            _giveUp.Dispose();
        }
        else
        {
            await _loop;
        }
    }

    /// <summary>Whether what was sent is at fault, and not the way, the server or the key: trying the same again would not help.</summary>
    private static bool IsAboutTheBody(AptRlException error)
        => error.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity;

    private static TaskCompletionSource<EventResult> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync(Waiting waiting, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _given);
        try
        {
            await _queue.Writer.WriteAsync(waiting, cancellation);
        }
        catch
        {
            Interlocked.Decrement(ref _given);
            throw;
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiting>(_options.BatchMax);
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                var flush = await GatherAsync(batch);
                await DeliverAsync(batch);
                batch.Clear();
                flush?.TrySetResult(new EventResult(null, EventResult.Accepted));
            }
        }
        finally
        {
            // There is something left only where the caller's own NotKept has thrown: nobody waits for ever.
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            batch.ForEach(waiting => waiting.Answer?.TrySetException(new AptRlException(null, "given_up", GivenUpReason)));
        }
    }

    /// <summary>Fills a batch until it is full, old enough, or ended by a flush, whose answer is returned.</summary>
    private async Task<TaskCompletionSource<EventResult>?> GatherAsync(List<Waiting> batch)
    {
        using var ripe = new CancellationTokenSource(_options.AgeMax, _client.Options.Clock);
        try
        {
            while (batch.Count < _options.BatchMax)
            {
                if (_queue.Reader.TryRead(out var waiting))
                {
                    if (waiting.Event is null)
                    {
                        return waiting.Answer;
                    }

                    batch.Add(waiting);
                }
                else if (!await _queue.Reader.WaitToReadAsync(ripe.Token))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (ripe.IsCancellationRequested)
        {
        }

        return null;
    }

    private async Task DeliverAsync(IReadOnlyList<Waiting> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var sent = new EventBatch([.. batch.Select(waiting => waiting.Event!)]);
        try
        {
            await _retries.ExecuteAsync(async token => await sent.SendAsync(_client, token), _giveUp.Token);
            Settle(batch, sent.Results);
        }
        catch (AptRlException error) when (IsAboutTheBody(error) && batch.Count > 1)
        {
            await DeliverAsync([.. batch.Take(batch.Count / 2)]);
            await DeliverAsync([.. batch.Skip(batch.Count / 2)]);
        }
        catch (AptRlException error) when (IsAboutTheBody(error))
        {
            Settle(batch, [new EventResult(batch[0].Event!.Id, EventResult.Rejected, Code: error.Code, Reason: error.Message)]);
        }
        catch (Exception error) when (error is OperationCanceledException or AptRlException)
        {
            GiveUp(batch, sent.Results);
        }
    }

    private void Settle(IReadOnlyList<Waiting> batch, IReadOnlyList<EventResult> results)
    {
        for (var at = 0; at < batch.Count; at++)
        {
            var result = results[at];
            ref var count = ref _accepted;
            switch (result.Status)
            {
                case EventResult.Accepted: break;
                case EventResult.Duplicate: count = ref _duplicate; break;
                case EventResult.Late: count = ref _late; break;
                default: count = ref _rejected; break;
            }

            Interlocked.Increment(ref count);
            if (!result.IsKept)
            {
                _options.NotKept?.Invoke(batch[at].Event!, result);
            }

            batch[at].Answer?.TrySetResult(result);
        }
    }

    private void GiveUp(IReadOnlyList<Waiting> batch, IReadOnlyList<EventResult?> results)
    {
        for (var at = 0; at < batch.Count; at++)
        {
            if (results[at] is { Status: not EventResult.Busy } settled)
            {
                Settle([batch[at]], [settled]);
                continue;
            }

            Interlocked.Increment(ref _givenUp);
            _options.NotKept?.Invoke(batch[at].Event!, new EventResult(batch[at].Event!.Id, EventResult.Busy, Code: "given_up", Reason: GivenUpReason));
            batch[at].Answer?.TrySetException(new AptRlException(null, "given_up", GivenUpReason));
        }
    }

    /// <param name="Event">Null where the queue is to be flushed up to here.</param>
    /// <param name="Answer">Who waits for it; null for nobody.</param>
    private sealed record Waiting(ShopEvent? Event, TaskCompletionSource<EventResult>? Answer);
}
