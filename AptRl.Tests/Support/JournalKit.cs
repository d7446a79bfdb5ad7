using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.TestKit.Xunit;
using AptRl.Actors.Serialization;

namespace AptRl.Tests.Support;

/// <summary>An actor system whose journal is in memory, goes through the real serializer, and can be told to fail or to wait.</summary>
public abstract class JournalKit : TestKit
{
    protected static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    protected JournalKit(string more = "")
        : base(more + $$"""
            akka {
              loglevel = ERROR
              persistence {
                journal.plugin = "test-journal"
                snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
              }
            }
            test-journal.class = "{{typeof(TestJournal).AssemblyQualifiedName}}"
            """)
    {
    }

    protected IActorRef Journal => Persistence.Instance.Apply(Sys).JournalFor("");

    protected IActorRef Snapshots => Persistence.Instance.Apply(Sys).SnapshotStoreFor("");

    /// <summary>As a crash: what the actor had in its hands is gone.</summary>
    protected void Crash(IActorRef actor)
    {
        var watcher = CreateTestProbe();
        watcher.Watch(actor);
        Sys.Stop(actor);
        watcher.ExpectTerminated(actor);
    }
}

/// <summary>Fails the next write.</summary>
public sealed record FailNextWrite;

/// <summary>Rejects the next write: it comes back, and its actor goes on.</summary>
public sealed record RejectNextWrite;

/// <summary>Lets writes wait until <see cref="ReleaseWrites"/>.</summary>
public sealed record HoldWrites;

/// <summary>Lets the waiting writes be made.</summary>
public sealed record ReleaseWrites;

/// <summary>The journal of <see cref="JournalKit"/>.</summary>
public sealed class TestJournal : MemoryJournal
{
    private readonly JournalSerializer _serializer = new((ExtendedActorSystem)Context.System);
    private TaskCompletionSource? _gate;
    private bool _isFailing;
    private bool _isRejecting;

    protected override async Task<IImmutableList<Exception?>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        if (_isFailing)
        {
            _isFailing = false;
            throw new IOException("the disk is full");
        }

        if (_isRejecting)
        {
            _isRejecting = false;
            return [.. messages.Select(_ => new InvalidOperationException("it is not serialised"))];
        }

        if (_gate is { } gate)
        {
            await gate.Task;
        }

        return await base.WriteMessagesAsync(messages.Select(Serialized).ToList(), cancellationToken);
    }

    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case FailNextWrite:
                _isFailing = true;
                return true;
            case RejectNextWrite:
                _isRejecting = true;
                return true;
            case HoldWrites:
                _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return true;
            case ReleaseWrites:
                _gate?.SetResult();
                _gate = null;
                return true;
            default:
                return base.ReceivePluginInternal(message);
        }
    }

    private AtomicWrite Serialized(AtomicWrite write)
        => new(((IImmutableList<IPersistentRepresentation>)write.Payload).Select(fact => fact.WithPayload(Again(fact.Payload))).ToImmutableList());

    private object Again(object fact) => _serializer.FromBinary(_serializer.ToBinary(fact), _serializer.Manifest(fact));
}
