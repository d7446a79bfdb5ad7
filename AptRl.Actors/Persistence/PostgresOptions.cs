namespace AptRl.Actors.Persistence;

/// <summary>The database that takes journal and snapshots, instead of SQLite files in the data folder.</summary>
public sealed record PostgresOptions
{
    /// <summary>
    /// Npgsql's connection string, such as <c>Host=db;Database=shop;Username=aptrl</c>. The password may be left out of it:
    /// <c>PGPASSWORD</c>, <c>PGPASSFILE</c> and <c>~/.pgpass</c> are read. <c>Search Path</c> names the schema, by default
    /// <c>aptrl</c>; <c>Maximum Pool Size</c> is by default <see cref="PostgresStore.ConnectionsMax"/>.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Whether one process at a time may use the schema: it holds an advisory lock, and a second one is refused. Default
    /// true. False where several nodes of a cluster share the schema: they share the lock, which keeps out a process that is no node
    /// of a cluster. Then sharding and singletons see to it that each journal has one writer, and the unique key on writer and number
    /// refuses what two would write.
    /// </summary>
    public bool IsOneProcess { get; init; } = true;

    /// <summary>
    /// Whether missing tables and migrations are made at the start. Default true. False where the account may not: then
    /// <c>aptrl postgres ddl</c> prints what has to be run, and a start before that is refused.
    /// </summary>
    public bool Migrates { get; init; } = true;

    /// <summary>The same for a node of a cluster.</summary>
    public PostgresOptions Shared => this with { IsOneProcess = false };

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">The connection string does not; the text does not repeat it, for there may be a password in it.</exception>
    public PostgresOptions Checked()
    {
        PostgresStore.Settings(ConnectionString, Durability.PowerCut);
        return this;
    }
}
