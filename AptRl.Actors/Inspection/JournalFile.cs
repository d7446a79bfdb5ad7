using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using Microsoft.Data.Sqlite;

namespace AptRl.Actors.Inspection;

/// <summary>The journal's file, to be read beside the actors that write it.</summary>
internal static class JournalFile
{
    /// <summary>A connection that cannot write.</summary>
    public static SqliteConnection Open(ActorSystem system)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = StoreOf(system).JournalFile,
            Mode = SqliteOpenMode.ReadOnly,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    public static SqliteStore StoreOf(ActorSystem system)
    {
        var options = SetupOf(system).Options;
        return new SqliteStore(options.DataDirectory, options.Durability);
    }

    public static PersonalizerSetup SetupOf(ActorSystem system)
        => system.Settings.Setup.Get<PersonalizerSetup>() is { HasValue: true } setup
            ? setup.Value
            : throw new InvalidOperationException("AptRl was not added to this actor system: call AddAptRl on its builder");
}
