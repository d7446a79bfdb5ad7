using AptRl.Actors.Persistence;
using Microsoft.Data.Sqlite;

namespace AptRl.Tests.Contracts;

/// <summary>The fault contract over files.</summary>
public sealed class SqliteFaultTests : JournalFaultContract
{
    // More than are ever in use at once.
    private const int Connections = 24;

    protected override PostgresOptions? NewDatabase() => null;

    protected override void Fail(string writers)
        => Run($"CREATE TRIGGER fault BEFORE INSERT ON journal WHEN NEW.persistence_id LIKE '{writers}' BEGIN SELECT RAISE(ABORT, 'it fails'); END");

    protected override void Heal() => Run("DROP TRIGGER fault");

    // SQLite itself then says that the disk is full. The bound is a connection's own, so every one of the pool's is given it.
    protected override void Fill() => Bound("1");

    protected override void MakeRoom() => Bound("4294967294");

    protected override IDisposable Hold()
    {
        var connection = Open(pooling: false);
        Run(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    private void Bound(string pages)
    {
        var connections = Enumerable.Range(0, Connections).Select(_ => Open(pooling: true)).ToList();
        connections.ForEach(connection => Run(connection, $"PRAGMA max_page_count = {pages}"));
        connections.ForEach(connection => connection.Dispose());
    }

    private void Run(string sql)
    {
        using var connection = Open(pooling: false);
        Run(connection, sql);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open(bool pooling)
    {
        var file = Path.Combine(Folder, "journal.db");
        var connection = new SqliteConnection(pooling ? SqliteStore.ConnectionStringOf(file) : $"Data Source={file};Pooling=false");
        connection.Open();
        return connection;
    }
}
