using System.CommandLine;
using AptRl.Actors.Persistence;

namespace AptRl.Host.Commands;

/// <summary>Where the journal is: what all verbs that read or write one share.</summary>
internal static class StoreSymbols
{
    /// <summary>Variable of the environment that has the connection string.</summary>
    public const string Variable = "APTRL_POSTGRES";

    public static readonly Option<string?> Postgres = new("--postgres")
    {
        Description = "Keep journal and snapshots in this PostgreSQL database instead of in the data folder, such as 'Host=db;Database=shop;Username=aptrl'. "
            + "Others on this machine can read it in the process list: leave the password to PGPASSFILE, or put all of it into APTRL_POSTGRES.",
    };

    /// <summary>The connection string that was given; null where none was.</summary>
    public static string? ConnectionString(ParseResult arguments)
        => arguments.GetValue(Postgres) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable : null);

    /// <summary>The database that was given; null where none was.</summary>
    public static PostgresOptions? Database(ParseResult arguments)
        => ConnectionString(arguments) is { } connectionString ? new PostgresOptions { ConnectionString = connectionString } : null;

    /// <summary>The scenarios that a journal knows.</summary>
    /// <exception cref="UserErrorException">There is no journal, or it cannot be read.</exception>
    public static IReadOnlyList<Model.Events.ScenarioId> Scenarios(ParseResult arguments, string directory)
    {
        var database = Database(arguments);
        try
        {
            if (database is null && !File.Exists(Path.Combine(directory, "journal.db")))
            {
                throw new UserErrorException($"there is no journal in '{directory}': name the --data-dir of a replay or a server");
            }

            using var store = JournalStore.Open(directory, null, database);
            return store.HasJournal() ? store.Scenarios() : throw new UserErrorException($"there is no journal in '{store.Name}': name that of a replay or a server");
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or ArgumentException or Microsoft.Data.Sqlite.SqliteException)
        {
            throw new UserErrorException(fault.Message);
        }
    }
}
