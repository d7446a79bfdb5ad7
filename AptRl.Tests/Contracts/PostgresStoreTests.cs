using AptRl.Actors.Persistence;
using AptRl.Tests.Support;
using Npgsql;

namespace AptRl.Tests.Contracts;

/// <summary>The store contract over PostgreSQL.</summary>
public sealed class PostgresStoreTests : JournalStoreContract
{
    protected override PostgresOptions? NewDatabase() => PostgresServer.Shared().NewDatabase();

    protected override long DeleteSnapshots()
    {
        using var connection = new NpgsqlConnection(Database!.ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand("DELETE FROM aptrl.snapshot", connection);
        return command.ExecuteNonQuery();
    }
}
