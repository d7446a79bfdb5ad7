using Akka.Actor;
using AptRl.Actors.Users;

namespace AptRl.Tests.Simulator;

/// <summary>In the place of Akka's singleton manager: a node's place for a writer, which may be here or not.</summary>
internal sealed class WriterHost : ReceiveActor
{
    private IActorRef? _writer;
    private Action? _ended;

    public WriterHost(Props writer)
    {
        Receive<Begin>(_ => _writer ??= Context.Watch(Context.ActorOf(writer)));
        Receive<End>(end =>
        {
            if (_writer is null)
            {
                end.Done();
                return;
            }

            _ended = end.Done;
            _writer.Tell(Retire.Instance);
        });
        Receive<Terminated>(_ =>
        {
            _writer = null;
            _ended?.Invoke();
            _ended = null;
        });
        ReceiveAny(message => _writer?.Forward(message));
    }

    /// <summary>The writer is here from now on.</summary>
    internal sealed record Begin;

    /// <summary>The writer is elsewhere from now on; done is called when it has ended here.</summary>
    internal sealed record End(Action Done);
}

/// <summary>In the place of Akka's singleton proxy: the way to a writer, wherever it is; what comes while nobody knows waits.</summary>
internal sealed class ToWriter : ReceiveActor
{
    private const int WaitingMax = 1_000;

    private readonly Queue<(object Message, IActorRef Sender)> _waiting = new();
    private IActorRef? _writer;

    public ToWriter()
    {
        Receive<At>(at =>
        {
            _writer = at.Writer;
            while (_writer is not null && _waiting.TryDequeue(out var next))
            {
                _writer.Tell(next.Message, next.Sender);
            }
        });
        ReceiveAny(message =>
        {
            if (_writer is not null)
            {
                _writer.Forward(message);
                return;
            }

            _waiting.Enqueue((message, Sender));
            if (_waiting.Count > WaitingMax)
            {
                _waiting.Dequeue();
            }
        });
    }

    /// <summary>The writer is there, as this process sees it; null for nowhere.</summary>
    internal sealed record At(IActorRef? Writer);
}
