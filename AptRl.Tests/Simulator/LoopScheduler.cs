using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace AptRl.Tests.Simulator;

/// <summary>An actor system's scheduler that runs by the loop's time.</summary>
public sealed class LoopScheduler : SchedulerBase
{
    private readonly Process _process = Process.Starting ?? throw new InvalidOperationException("no process is starting on this thread");

    public LoopScheduler(Config config, ILoggingAdapter log)
        : base(config, log)
    {
    }

    public override TimeSpan MonotonicClock => _process.Loop.Now;

    public override TimeSpan HighResMonotonicClock => _process.Loop.Now;

    protected override DateTimeOffset TimeNow => Simulation.Noon + _process.Loop.Now;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable)
        => Once(delay, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable)
        => Repeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Once(delay, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Once(delay, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable)
        => Repeatedly(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable)
        => Repeatedly(initialDelay, interval, action.Run, cancelable);

    private void Once(TimeSpan delay, Action action, ICancelable? cancelable) => _process.Loop.After(_process, delay, () =>
    {
        if (cancelable is not { IsCancellationRequested: true })
        {
            action();
        }
    });

    private void Repeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
        => Once(
            initialDelay,
            () =>
            {
                Repeatedly(interval, interval, action, cancelable);
                action();
            },
            cancelable);
}
