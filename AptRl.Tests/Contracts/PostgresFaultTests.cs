using AptRl.Actors.Persistence;
using AptRl.Tests.Support;
using Npgsql;

namespace AptRl.Tests.Contracts;

/// <summary>The fault contract over PostgreSQL.</summary>
public sealed class PostgresFaultTests : JournalFaultContract
{
    protected override PostgresOptions? NewDatabase() => PostgresServer.Shared().NewDatabase();

    // As PostgreSQL says it of a disk on which a file could not grow.
    protected override void Fail(string writers)
    {
        using var connection = Open();
        Run(connection, $$"""
            CREATE FUNCTION aptrl.fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$;
            CREATE TRIGGER fault BEFORE INSERT ON aptrl.journal FOR EACH ROW WHEN (NEW.persistence_id LIKE '{{writers}}') EXECUTE FUNCTION aptrl.fault()
            """);
    }

    protected override void Heal()
    {
        using var connection = Open();
        Run(connection, "DROP FUNCTION aptrl.fault() CASCADE");
    }

    protected override IDisposable Hold()
    {
        var connection = Open();
        Run(connection, "BEGIN; LOCK TABLE aptrl.journal IN ACCESS EXCLUSIVE MODE");
        return connection;
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(Database!.ConnectionString + ";Pooling=false");
        connection.Open();
        return connection;
    }
}
