using System.Diagnostics;
using Akka.Actor;
using AptRl.Actors.Telemetry;
using AptRl.Model.Encoding;

namespace AptRl.Actors.Encoding;

/// <summary>How requests to the encoder are gathered into one forward pass.</summary>
public sealed record EncoderBatching
{
    /// <summary>Windows in one pass at most. Default 32.</summary>
    public int SizeMax { get; init; } = 32;

    /// <summary>How long the first window of a batch may wait for others, in steps of the scheduler's 10 ms. Default 0: what has queued while the last pass ran is the next batch.</summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.Zero;

    /// <summary>Windows that may wait; a further one is answered <see cref="EncoderBusy"/>. Default 4,096.</summary>
    public int WaitingMax { get; init; } = 4_096;
}

/// <summary>Runs the transformer for everybody on this node: gathers windows up to a size or an age, one pass, answers each.</summary>
/// <remarks>
/// At most once: it keeps nothing, and who gets no answer asks again. A state does not depend on which windows shared the
/// pass. Where a pass throws, all that wait are told Busy and it is started anew. Runs on a thread of its own, so that it starves nobody.
/// </remarks>
public sealed class EncoderActor : ReceiveActor, IWithTimers
{
    private readonly EncoderModel _model;
    private readonly EncoderBatching _batching;
    private readonly List<(Encode Request, IActorRef From, long Since, Activity? Span)> _waiting = [];
    private bool _scheduled;

    /// <summary>Serves one model.</summary>
    public EncoderActor(EncoderModel model, EncoderBatching batching)
    {
        (_model, _batching) = (model, batching);
        Receive<Encode>(Take);
        Receive<Run>(_ => RunBatch());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        base.PreRestart(reason, message);
        Meters.Wait(Backlog.Encoder, 0);
        foreach (var (request, from, _, span) in _waiting)
        {
            from.Tell(new EncoderBusy(request.For, "the encoder failed"));
            Spans.End(span, nameof(EncoderBusy), "the encoder failed");
        }
    }

    private void Take(Encode request)
    {
        if (_waiting.Count >= _batching.WaitingMax)
        {
            Sender.Tell(new EncoderBusy(request.For, "the encoder's queue is full"));
            return;
        }

        _waiting.Add((request, Sender, Stopwatch.GetTimestamp(), Spans.Start(Spans.Encode, request.Trace)));
        Meters.Wait(Backlog.Encoder, _waiting.Count);
        if (_waiting.Count == _batching.SizeMax)
        {
            Self.Tell(Run.Now);
        }
        else if (!_scheduled && _batching.AgeMax == TimeSpan.Zero)
        {
            Self.Tell(Run.Now);
        }
        else if (!_scheduled)
        {
            Timers.StartSingleTimer(Run.Now, Run.Now, _batching.AgeMax);
        }

        _scheduled = true;
    }

    private void RunBatch()
    {
        _scheduled = false;
        if (_waiting.Count == 0)
        {
            return;
        }

        var batch = _waiting.GetRange(0, Math.Min(_waiting.Count, _batching.SizeMax));
        var states = _model.Encode([.. batch.Select(waiting => waiting.Request.Window)]);
        _waiting.RemoveRange(0, batch.Count);
        Meters.Wait(Backlog.Encoder, _waiting.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].From.Tell(new Encoded(batch[i].Request.For, states[i]));
            Meters.Took(Stage.Encode, batch[i].Since);
            Spans.End(batch[i].Span?.SetTag("aptrl.batch", batch.Count));
        }

        if (_waiting.Count > 0)
        {
            _scheduled = true;
            Self.Tell(Run.Now);
        }
    }

    private sealed record Run : INoSerializationVerificationNeeded
    {
        public static readonly Run Now = new();
    }
}
