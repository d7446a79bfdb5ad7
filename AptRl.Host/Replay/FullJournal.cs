using Akka.Actor;
using AptRl.Actors.Persistence;

namespace AptRl.Host.Replay;

/// <summary>Tells when a journal has no room any more: a replay would send again and again and nobody would know why.</summary>
internal static class FullJournal
{
    /// <summary>The first write that found none, from now on.</summary>
    public static Task<WriteFailed> FirstAsync(ActorSystem system)
    {
        var first = new TaskCompletionSource<WriteFailed>(TaskCreationOptions.RunContinuationsAsynchronously);
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Watcher(first))), typeof(WriteFailed));
        return first.Task;
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(TaskCompletionSource<WriteFailed> first) => Receive<WriteFailed>(failed => failed.IsFull, failed => first.TrySetResult(failed));
    }
}
