using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Npgsql;

namespace AptRl.Actors.Persistence;

/// <summary>Asks twice a second whether the database is there, and opens and closes the <see cref="JournalGate"/> by it.</summary>
/// <remarks>
/// The gate opens when the journal and the snapshot store answer again too.
/// It asks over the session that holds the lock, so that a database that came back is used only when the lock is held again.
/// Where another process has taken it meanwhile, this one ends: what its actors hold in memory may be behind the journal.
/// </remarks>
internal sealed class PostgresWatch : ReceiveActor, IWithTimers
{
    // Of this name there is nothing in any journal.
    private const string Nobody = "aptrl-nobody";
    private const string Late = "late";

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PostgresLock _held;

    public PostgresWatch(PostgresLock held, NpgsqlDataSource source, JournalGate gate)
    {
        _held = held;
        var persistence = Akka.Persistence.Persistence.Instance.Apply(Context.System);
        Receive<Pass>(pass =>
        {
            _ = _held.IsHeldAsync().PipeTo(Self, success: isHeld => new Answered(isHeld), failure: fault => new Away(fault));
        });
        Receive<Answered>(answered =>
        {
            if (!answered.IsHeld)
            {
                gate.Close();
                _log.Error("another AptRl process has taken the PostgreSQL schema while it could not be reached from here: this one ends");
                _ = CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
                return;
            }

            if (gate.IsOpen)
            {
                Timers.StartSingleTimer(Pass.Now, Pass.Now, Every);
                return;
            }

            // Connections of before are broken, and each would fail whoever is given it. Then the plugins are tried, as actors use them.
            source.Clear();
            Timers.StartSingleTimer(Late, new Away(new TimeoutException("the journal does not answer")), Patience);
            persistence.SnapshotStoreFor("").Tell(new LoadSnapshot(Nobody, SnapshotSelectionCriteria.Latest, long.MaxValue));
        });
        Receive<LoadSnapshotResult>(_ => persistence.JournalFor("").Tell(new ReplayMessages(0, long.MaxValue, 1, Nobody, Self)));
        Receive<RecoverySuccess>(_ =>
        {
            gate.Open();
            _log.Warning("PostgreSQL is back: requests are taken again");
            Timers.Cancel(Late);
            Timers.StartSingleTimer(Pass.Now, Pass.Now, Every);
        });
        Receive<LoadSnapshotFailed>(failed => Self.Tell(new Away(failed.Cause)));
        Receive<ReplayMessagesFailure>(failed => Self.Tell(new Away(failed.Cause)));
        Receive<Away>(away =>
        {
            if (gate.IsOpen)
            {
                gate.Close();
                _log.Warning("PostgreSQL is away ({0}): requests are told to come back until it is there again", away.Cause.GetBaseException().Message);
            }

            Timers.Cancel(Late);
            Timers.StartSingleTimer(Pass.Now, Pass.Now, Every);
        });
        Self.Tell(Pass.Now);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostStop() => _held.Dispose();

    private sealed record Pass : INoSerializationVerificationNeeded
    {
        public static readonly Pass Now = new();
    }

    private sealed record Answered(bool IsHeld) : INoSerializationVerificationNeeded;

    private sealed record Away(Exception Cause) : INoSerializationVerificationNeeded;
}
