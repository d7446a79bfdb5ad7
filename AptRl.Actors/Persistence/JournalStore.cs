using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using AptRl.Actors.Serialization.Wire;
using AptRl.Model.Events;
using LinqToDB;

namespace AptRl.Actors.Persistence;

/// <summary>How much room a store takes.</summary>
/// <param name="JournalBytes">The journal.</param>
/// <param name="LogBytes">Its write-ahead log; null where the database keeps one for all that it holds.</param>
/// <param name="SnapshotBytes">The snapshots.</param>
/// <param name="FreeBytes">Free on the disk; null where it is another machine's.</param>
public sealed record StoreSize(long JournalBytes, long? LogBytes, long SnapshotBytes, long? FreeBytes);

/// <summary>Where the journal and the snapshots are kept: a folder's SQLite files, or a PostgreSQL database.</summary>
/// <remarks>
/// Both have the same tables with the same columns, made by Akka.Persistence.Sql's default mapping, so that what is read
/// beside the actors is written once, here and in <c>Inspection</c>. One contract suite of the tests runs over both.
/// </remarks>
public abstract class JournalStore : IDisposable
{
    private protected const string JournalPlugin = "akka.persistence.journal.sql";
    private protected const string QueryPlugin = "akka.persistence.query.journal.sql";
    private protected const string SnapshotPlugin = "akka.persistence.snapshot-store.sql";

    /// <summary>Where it is, without any secret.</summary>
    public abstract string Name { get; }

    /// <summary>What an answered write survives.</summary>
    public abstract Durability Durability { get; }

    /// <summary>Akka's configuration for it.</summary>
    public abstract Config Hocon { get; }

    /// <summary>Akka's defaults for it, to be put behind <see cref="Hocon"/>.</summary>
    public static Config Defaults => SqlPersistence.DefaultConfiguration;

    /// <summary>Opens what was chosen.</summary>
    /// <param name="directory">The data folder; without PostgreSQL the journal's files are in it.</param>
    /// <param name="durability">What an answered write survives; null takes the store's default.</param>
    /// <param name="postgres">The database; null takes SQLite.</param>
    /// <exception cref="InvalidDataException">What is there is no journal of AptRl, or of a newer version.</exception>
    /// <exception cref="IOException">The database cannot be reached.</exception>
    public static JournalStore Open(string directory, Durability? durability, PostgresOptions? postgres)
        => postgres is null ? new SqliteStore(directory, durability ?? Durability.Process) : new PostgresStore(postgres, durability ?? Durability.PowerCut);

    /// <summary>How the plugins connect.</summary>
    public MultiDataOptionsSetup Setup()
    {
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions(JournalPlugin, JournalOptions());
        setup.AddDataOptions(QueryPlugin, JournalOptions());
        setup.AddDataOptions(SnapshotPlugin, SnapshotOptions());
        return setup;
    }

    /// <summary>Whether somebody has written to it.</summary>
    public abstract bool HasJournal();

    /// <summary>A connection of its own to the journal's table, which cannot write.</summary>
    public abstract DbConnection OpenToRead();

    /// <summary>How much room it takes now.</summary>
    public abstract StoreSize Size();

    /// <summary>Keeps a second process out until it is disposed; null where the lock of the data folder does.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public virtual IDisposable? Take() => null;

    /// <summary>What has to run beside the actors; started once, with the actor system.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="held">What <see cref="Take"/> gave.</param>
    /// <param name="gate">Closed while the store is away.</param>
    public abstract void Attend(ActorSystem system, IDisposable? held, JournalGate gate);

    /// <summary>The scenarios that have learned something here.</summary>
    public IReadOnlyList<ScenarioId> Scenarios()
    {
        var scenarios = new List<ScenarioId>();
        using var connection = OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT persistence_id FROM journal WHERE persistence_id >= 'learner-' AND persistence_id < 'learner.'";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            scenarios.Add(new ScenarioId(rows.GetString(0)["learner-".Length..]));
        }

        return scenarios;
    }

    /// <summary>Version of the encoder that made the newest decision here; null where none was made.</summary>
    public string? NewestEncoder()
    {
        if (!HasJournal())
        {
            return null;
        }

        using var connection = OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE manifest = 'DM' ORDER BY ordering DESC LIMIT 1";
        return command.ExecuteScalar() is byte[] message ? DecisionMadeMessage.Parser.ParseFrom(message).Decision.ModelVersion : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private protected abstract DataOptions JournalOptions();

    private protected abstract DataOptions SnapshotOptions();

    /// <summary>Gives back what was opened.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
