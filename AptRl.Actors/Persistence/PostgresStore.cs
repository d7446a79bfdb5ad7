using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using LinqToDB;
using LinqToDB.DataProvider.PostgreSQL;
using Npgsql;

namespace AptRl.Actors.Persistence;

/// <summary>The journal and the snapshots as tables of one schema of a PostgreSQL database.</summary>
/// <remarks>
/// Writes go over a few connections side by side, each of them a batch of what waited. Connecting waits 5 s at most and a
/// statement 10 s; then it has failed, and the actor that waits for it stops and recovers. Of Akka's circuit breakers only
/// the time-out is used: half open, the snapshot store's swallows answers, and who recovers then waits for nothing. What
/// keeps callers away from a database that is away is the <see cref="JournalGate"/>.
/// Who reads the whole journal waits 10 s for a number that is missing, as long as a write may be under way: a write that failed
/// has left one out.
/// </remarks>
public sealed class PostgresStore : JournalStore
{
    /// <summary>Connections of a process at most, where the connection string does not say: writes, recoveries and readers.</summary>
    public const int ConnectionsMax = 20;

    private const int RecoveriesMax = 12;

    private readonly PostgresOptions _options;
    private readonly NpgsqlDataSource _source;

    /// <summary>Connects, and makes the tables where they are missing and may be made.</summary>
    /// <exception cref="ArgumentException">The connection string makes no sense.</exception>
    /// <exception cref="IOException">The database cannot be reached, or refuses.</exception>
    /// <exception cref="InvalidDataException">What is in the schema is not of this program.</exception>
    public PostgresStore(PostgresOptions options, Durability durability)
    {
        (_options, Durability) = (options, durability);
        var settings = Settings(options.ConnectionString, durability);
        (Schema, Name) = (settings.SearchPath!, $"PostgreSQL {settings.Host}, database {settings.Database}, schema {settings.SearchPath}");
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        try
        {
            Told(() =>
            {
                using var connection = _source.OpenConnection();
                PostgresMigrations.Apply(connection, Schema, options.Migrates);
            });
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    /// <summary>The schema of the tables.</summary>
    public string Schema { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Durability Durability { get; }

    /// <inheritdoc/>
    public override Config Hocon { get; } = ConfigurationFactory.ParseString(
        $$"""
        akka.persistence {
          journal {
            plugin = "{{JournalPlugin}}"
            sql {
              provider-name = "{{ProviderName.PostgreSQL15}}"
              connection-string = "unused: the data options carry it"
              parallelism = 3
              tag-write-mode = Csv
              auto-initialize = off
              circuit-breaker { max-failures = 2147483647, call-timeout = 15s, reset-timeout = 1s }
              recovery-event-timeout = 10s
            }
          }
          snapshot-store {
            plugin = "{{SnapshotPlugin}}"
            sql {
              snapshot-is-optional = true
              provider-name = "{{ProviderName.PostgreSQL15}}"
              connection-string = "unused: the data options carry it"
              auto-initialize = off
              circuit-breaker { max-failures = 2147483647, call-timeout = 15s, reset-timeout = 1s }
            }
          }
          query.journal.sql {
            provider-name = "{{ProviderName.PostgreSQL15}}"
            connection-string = "unused: the data options carry it"
            tag-read-mode = Csv
            max-concurrent-queries = 4
          }
          max-concurrent-recoveries = {{RecoveriesMax}}
        }
        """);

    /// <summary>The connection string with what AptRl needs of it; no secret but what was in it.</summary>
    /// <exception cref="ArgumentException">It makes no sense.</exception>
    internal static NpgsqlConnectionStringBuilder Settings(string connectionString, Durability durability)
    {
        NpgsqlConnectionStringBuilder given;
        try
        {
            given = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Without the string itself: a password may be in it.
            throw new ArgumentException($"the PostgreSQL connection string makes no sense ({fault.Message}): write it like Host=db;Database=shop;Username=aptrl", nameof(connectionString));
        }

        if (string.IsNullOrEmpty(given.Host))
        {
            throw new ArgumentException("the PostgreSQL connection string names no Host: write it like Host=db;Database=shop;Username=aptrl", nameof(connectionString));
        }

        given.SearchPath = string.IsNullOrEmpty(given.SearchPath) ? "aptrl" : given.SearchPath;
        given.ApplicationName ??= "aptrl";
        given.MaxPoolSize = given.ContainsKey("Maximum Pool Size") ? given.MaxPoolSize : ConnectionsMax;
        given.Timeout = given.ContainsKey("Timeout") ? given.Timeout : 5;
        given.CommandTimeout = given.ContainsKey("Command Timeout") ? given.CommandTimeout : 10;
        given.Enlist = false;
        if (durability is Durability.Process)
        {
            given.Options = $"{given.Options} -c synchronous_commit=off".TrimStart();
        }

        return given;
    }

    /// <inheritdoc/>
    public override bool HasJournal()
    {
        using var connection = OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM journal LIMIT 1";
        return command.ExecuteScalar() is not null;
    }

    /// <inheritdoc/>
    public override DbConnection OpenToRead()
        => Told(() =>
        {
            var connection = _source.OpenConnection();
            using var command = connection.CreateCommand();

            // Of the session, and undone when the connection goes back to the pool.
            command.CommandText = "SET default_transaction_read_only = on";
            command.ExecuteNonQuery();
            return connection;
        });

    /// <inheritdoc/>
    public override StoreSize Size()
    {
        using var connection = OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_total_relation_size('journal'), pg_total_relation_size('snapshot')";
        using var row = command.ExecuteReader();
        row.Read();
        return new StoreSize(row.GetInt64(0), null, row.GetInt64(1), null);
    }

    /// <inheritdoc/>
    public override IDisposable? Take()
    {
        var held = new PostgresLock(_options, Schema);
        try
        {
            held.Take();
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Attend(ActorSystem system, IDisposable? held, JournalGate gate)
    {
        var (its, source) = ((PostgresLock)held!, _source);
        system.ActorOf(Props.Create(() => new PostgresWatch(its, source, gate)), "postgres");
    }

    private protected override DataOptions JournalOptions()
        => new DataOptions()
            .UseProvider(ProviderName.PostgreSQL15) // the name that Akka.Persistence.Sql looks at
            .UseConnectionFactory(PostgreSQLTools.GetDataProvider(PostgreSQLVersion.v15), _ => _source.CreateConnection());

    private protected override DataOptions SnapshotOptions() => JournalOptions();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        base.Dispose(disposing);
    }

    private T Told<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new IOException($"{Name}: {fault.GetBaseException().Message}: start the database, or correct the connection string", fault);
        }
    }

    private void Told(Action work) => Told(() =>
    {
        work();
        return 0;
    });
}
