using Akka.Actor;
using Akka.Event;
using Microsoft.Data.Sqlite;

namespace AptRl.Actors.Persistence;

/// <summary>Carries what the write-ahead logs hold over into the databases, beside the writers instead of in their way.</summary>
/// <remarks>
/// Left to itself SQLite does this inside the write that makes the log 1,000 pages long, and that write, with all behind
/// it, waits for the disk. Here it is done every second on a connection of its own; writers go on meanwhile. If it falls
/// behind, SQLite's own way is the bound: <see cref="SqliteStore.LogPagesMax"/> pages.
/// </remarks>
public sealed class CheckpointActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Serves these databases.</summary>
    public CheckpointActor(params string[] files)
    {
        // One pass at a time: the next is due when this one is done.
        Receive<Pass>(pass =>
        {
            _ = Task.Run(() => Array.ForEach(files, Checkpoint)).PipeTo(Self, success: () => Done.Now, failure: fault => new Failed(fault));
        });
        Receive<Done>(_ => Timers.StartSingleTimer(Pass.Now, Pass.Now, Every));
        Receive<Failed>(failed =>
        {
            _log.Warning(failed.Cause, "a write-ahead log was not carried over; tried again in {0} s", Every.TotalSeconds);
            Timers.StartSingleTimer(Pass.Now, Pass.Now, Every);
        });
        Self.Tell(Done.Now);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static void Checkpoint(string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        command.ExecuteNonQuery();
    }

    private sealed record Pass : INoSerializationVerificationNeeded
    {
        public static readonly Pass Now = new();
    }

    private sealed record Done : INoSerializationVerificationNeeded
    {
        public static readonly Done Now = new();
    }

    private sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;
}
