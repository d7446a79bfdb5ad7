using AptRl.Actors.Persistence;
using Microsoft.Data.Sqlite;

namespace AptRl.Tests.Support;

/// <summary>How large an SQLite file may grow for the actors of this process; beyond it SQLite itself says that the disk is full.</summary>
internal static class SqliteRoom
{
    // More than are ever in use at once.
    private const int Connections = 24;

    /// <summary>Leaves so many pages of 4 KiB, or as many as there are. The bound is a connection's own, so every one of the pool's is given it.</summary>
    public static void Leave(string file, int pages)
    {
        var connections = Enumerable.Range(0, Connections).Select(_ => new SqliteConnection(SqliteStore.ConnectionStringOf(file))).ToList();
        foreach (var connection in connections)
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA max_page_count = {pages}";
            command.ExecuteNonQuery();
        }

        connections.ForEach(connection => connection.Dispose());
    }

    /// <summary>Takes the bound away: connections that are opened from now on have none.</summary>
    public static void Make(string file)
    {
        using var any = new SqliteConnection(SqliteStore.ConnectionStringOf(file));
        SqliteConnection.ClearPool(any);
    }
}
