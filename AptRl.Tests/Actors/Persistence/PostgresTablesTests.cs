using AptRl.Actors.Persistence;
using AptRl.Tests.Support;
using Npgsql;
using Xunit;

namespace AptRl.Tests.Actors.Persistence;

/// <summary>How a database is reached, its tables are made, and its schema is held: without the actors.</summary>
public sealed class PostgresTablesTests
{
    private const string Nowhere = "/nowhere";

    private readonly PostgresOptions _database = PostgresServer.Shared().NewDatabase();

    [Theory]
    [InlineData("Host=db;Pasword=s3cret")]
    [InlineData("Password=s3cret")]
    [InlineData("Host=db;Port=s3cret")]
    public void A_connection_string_that_makes_no_sense_is_refused_without_telling_what_is_in_it(string text)
    {
        var fault = Assert.Throws<ArgumentException>(() => new PostgresOptions { ConnectionString = text }.Checked());
        Assert.Contains("write it like Host=db;Database=shop;Username=aptrl", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreachable_database_is_told_without_the_password()
    {
        var options = new PostgresOptions { ConnectionString = $"Host={Nowhere};Database=shop;Username=ann;Password=s3cret" };
        var fault = Assert.Throws<IOException>(() => new PostgresStore(options, Durability.PowerCut));
        Assert.StartsWith($"PostgreSQL {Nowhere}, database shop, schema aptrl: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Durability_is_the_sessions_synchronous_commit()
    {
        foreach (var (durability, expected) in new[] { (Durability.Process, "off"), (Durability.PowerCut, "on") })
        {
            using var store = new PostgresStore(_database, durability);
            using var connection = store.OpenToRead();
            using var command = connection.CreateCommand();
            command.CommandText = "SHOW synchronous_commit";
            Assert.Equal(expected, command.ExecuteScalar());
        }
    }

    [Fact]
    public void The_printed_script_makes_what_a_start_makes_and_a_start_finds_it_also_without_the_right_to_make_any()
    {
        var byHand = PostgresServer.Shared().NewDatabase();
        var missing = Assert.Throws<InvalidDataException>(() => new PostgresStore(byHand with { Migrates = false }, Durability.PowerCut));
        Assert.Contains("aptrl postgres ddl", missing.Message, StringComparison.Ordinal);
        Ask(byHand, PostgresMigrations.Script("aptrl"));

        new PostgresStore(_database, Durability.PowerCut).Dispose();
        Assert.Equal(Ask(_database, Shape), Ask(byHand, Shape));
        new PostgresStore(byHand with { Migrates = false }, Durability.PowerCut).Dispose();
        PostgresServer.Shared().Run("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN");
        Ask(byHand, "GRANT USAGE ON SCHEMA aptrl TO clerk; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aptrl TO clerk");
        using var store = new PostgresStore(byHand with { ConnectionString = byHand.ConnectionString.Replace("Username=aptrl", "Username=clerk", StringComparison.Ordinal) }, Durability.PowerCut);
        Assert.False(store.HasJournal());
        Ask(byHand, "DROP OWNED BY clerk; DROP ROLE clerk");
    }

    [Fact]
    public void A_schema_of_a_newer_program_and_one_with_foreign_tables_are_refused()
    {
        var newer = PostgresServer.Shared().NewDatabase();
        new PostgresStore(newer, Durability.PowerCut).Dispose();
        Ask(newer, "INSERT INTO aptrl.aptrl_migration (number, name) VALUES (99, 'of tomorrow')");
        Assert.Contains(
            "schema 'aptrl' is of a newer AptRl (migration 99, this program knows 1)",
            Assert.Throws<InvalidDataException>(() => new PostgresStore(newer, Durability.PowerCut)).Message, StringComparison.Ordinal);

        var foreign = PostgresServer.Shared().NewDatabase();
        Ask(foreign, "CREATE SCHEMA shop; CREATE TABLE shop.journal (what text)");
        var named = foreign with { ConnectionString = foreign.ConnectionString + ";Search Path=shop" };
        Assert.Contains(
            "schema 'shop' has tables 'journal' or 'snapshot' that are not AptRl's",
            Assert.Throws<InvalidDataException>(() => new PostgresStore(named, Durability.PowerCut)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_start_at_once_make_the_tables_once()
    {
        var database = PostgresServer.Shared().NewDatabase();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new PostgresStore(database, Durability.PowerCut), TestContext.Current.CancellationToken)));
        Array.ForEach(stores, store => store.Dispose());
        Assert.Equal("1", Ask(database, "SELECT count(*) FROM aptrl.aptrl_migration"));
    }

    [Fact]
    public void Nodes_of_a_cluster_share_a_schema_and_keep_out_who_is_none_and_another_schema_is_another_lock()
    {
        var database = PostgresServer.Shared().NewDatabase();
        using var node = new PostgresStore(database.Shared, Durability.PowerCut);
        using var second = new PostgresStore(database.Shared, Durability.PowerCut);
        using var alone = new PostgresStore(database, Durability.PowerCut);
        using (node.Take())
        using (second.Take())
        {
            Assert.Contains("schema 'aptrl' is in use by another AptRl process", Assert.Throws<IOException>(() => alone.Take()).Message, StringComparison.Ordinal);
        }

        using var taken = alone.Take();
        using var other = new PostgresStore(_database with { ConnectionString = _database.ConnectionString + ";Search Path=other" }, Durability.PowerCut);
        other.Take()!.Dispose();
    }

    private const string Shape =
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT concat_ws(' ', table_name, column_name, data_type, collation_name, is_nullable, is_identity) AS line FROM information_schema.columns WHERE table_schema = 'aptrl'
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'aptrl') AS lines
        """;

    private static string? Ask(PostgresOptions database, string sql)
    {
        using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar()?.ToString();
    }
}
