using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace AptRl.Actors.Persistence;

/// <summary>The journal and the snapshots as two SQLite files of one folder.</summary>
/// <remarks>
/// WAL, one writer, reads without the write lock: with Akka.Persistence.Sql's defaults each event is a transaction of its
/// own and reads of the journal take the write lock. A statement waits 10 s for another process's lock; then it has failed, and
/// the actor that waits for it stops and recovers. As with <see cref="PostgresStore"/> Akka's circuit breakers are out of use: after
/// a few writes that a full disk refused they would turn everybody away for half a minute after there is room again. A snapshot that
/// cannot be read is done without: the journal holds everything.
/// </remarks>
public sealed class SqliteStore : JournalStore
{
    /// <summary>Pages of 4 KiB that a write-ahead log may have before a writer itself carries them over: 80 MiB.</summary>
    public const int LogPagesMax = 20_000;

    private readonly string _directory;

    /// <summary>Opens the folder, making it where it is not there.</summary>
    /// <exception cref="InvalidDataException">A file there is no journal; the text tells the way out.</exception>
    public SqliteStore(string directory, Durability durability)
    {
        (_directory, Durability) = (Path.GetFullPath(directory), durability);
        Directory.CreateDirectory(_directory);
        Check(JournalFile);
        Check(SnapshotFile);
    }

    /// <summary>The journal's file.</summary>
    public string JournalFile => Path.Combine(_directory, "journal.db");

    /// <summary>The snapshots' file; it may be deleted, the journal holds everything.</summary>
    public string SnapshotFile => Path.Combine(_directory, "snapshots.db");

    /// <inheritdoc/>
    public override string Name => _directory;

    /// <inheritdoc/>
    public override Durability Durability { get; }

    /// <inheritdoc/>
    public override Config Hocon { get; } = ConfigurationFactory.ParseString(
        $$"""
        akka.persistence {
          journal {
            plugin = "{{JournalPlugin}}"
            sql {
              provider-name = "{{ProviderName.SQLiteMS}}"
              connection-string = "unused: the data options carry it"
              parallelism = 1
              prefer-parameters-on-multirow-insert = true
              read-isolation-level = read-uncommitted
              tag-write-mode = Csv
              auto-initialize = on
              circuit-breaker { max-failures = 2147483647, call-timeout = 20s, reset-timeout = 1s }
            }
          }
          snapshot-store {
            plugin = "{{SnapshotPlugin}}"
            sql {
              snapshot-is-optional = true
              provider-name = "{{ProviderName.SQLiteMS}}"
              connection-string = "unused: the data options carry it"
              read-isolation-level = read-uncommitted
              auto-initialize = on
              circuit-breaker { max-failures = 2147483647, call-timeout = 20s, reset-timeout = 1s }
            }
          }
          query.journal.sql {
            provider-name = "{{ProviderName.SQLiteMS}}"
            connection-string = "unused: the data options carry it"
            read-isolation-level = read-uncommitted
            tag-read-mode = Csv
            max-concurrent-queries = 8
          }
          max-concurrent-recoveries = 32
        }
        """);

    /// <inheritdoc/>
    public override bool HasJournal()
    {
        if (!File.Exists(JournalFile) || new FileInfo(JournalFile).Length == 0)
        {
            return false;
        }

        using var connection = OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'journal'";
        return command.ExecuteScalar() is not 0L;
    }

    /// <inheritdoc/>
    public override DbConnection OpenToRead()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = JournalFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <inheritdoc/>
    public override StoreSize Size()
        => new(LengthOf(JournalFile), LengthOf(JournalFile + "-wal"), LengthOf(SnapshotFile), new DriveInfo(_directory).AvailableFreeSpace);

    /// <inheritdoc/>
    public override void Attend(ActorSystem system, IDisposable? held, JournalGate gate)
    {
        var (journal, snapshots) = (JournalFile, SnapshotFile);
        system.ActorOf(Props.Create(() => new CheckpointActor(journal, snapshots)), "checkpoints");
    }

    private protected override DataOptions JournalOptions() => Options(JournalFile);

    private protected override DataOptions SnapshotOptions() => Options(SnapshotFile);

    /// <summary>How actors connect to a file: those who connect so share a pool.</summary>
    public static string ConnectionStringOf(string file) => new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 10 }.ConnectionString;

    private DataOptions Options(string file)
        => new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, ConnectionStringOf(file))
            .UseInterceptor(new Opening(Durability));

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } its ? its.Length : 0;

    // A new file is empty until the first write; anything else starts with SQLite's sixteen bytes.
    private static void Check(string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return;
        }

        using var stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[16];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.SequenceEqual("SQLite format 3\0"u8))
        {
            throw new InvalidDataException($"{file} is no AptRl journal (it does not begin as an SQLite file): move it away or name another folder");
        }
    }

    private sealed class Opening(Durability durability) : ConnectionInterceptor
    {
        // Opening a pooled SQLite connection never waits, so without this the journal's dispatcher would run every write inline.
        public override async Task ConnectionOpeningAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
            => await Task.Yield();

        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection) => SetUp(connection);

        public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
        {
            SetUp(connection);
            return Task.CompletedTask;
        }

        private void SetUp(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA journal_mode=WAL; PRAGMA synchronous={(durability is Durability.PowerCut ? "FULL" : "NORMAL")}; PRAGMA busy_timeout=5000; PRAGMA wal_autocheckpoint={LogPagesMax};";
            command.ExecuteNonQuery();
        }
    }
}
