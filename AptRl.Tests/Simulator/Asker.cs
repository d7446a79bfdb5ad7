using Akka.Actor;
using AptRl.Actors.Clustering;

namespace AptRl.Tests.Simulator;

/// <summary>Asks as <see cref="Asking"/> does, by the loop's time: again after a while without an answer, and the first answer counts.</summary>
internal sealed class Asker : ReceiveActor, IWithTimers
{
    public Asker(IActorRef asked, object question, TimeSpan timeout, bool repeats, Action<object?> answered)
    {
        Receive<Again>(_ => asked.Tell(question));
        Receive<Over>(_ =>
        {
            Context.Stop(Self);
            answered(null);
        });
        ReceiveAny(answer =>
        {
            Context.Stop(Self);
            answered(answer);
        });
        asked.Tell(question);
        Timers.StartSingleTimer("over", Over.Now, timeout);
        var at = TimeSpan.Zero;
        foreach (var wait in repeats ? Asking.Waits : [])
        {
            at += wait;
            Timers.StartSingleTimer(at, Again.Now, at);
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private sealed record Again
    {
        public static readonly Again Now = new();
    }

    private sealed record Over
    {
        public static readonly Over Now = new();
    }
}
