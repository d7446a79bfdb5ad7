using AptRl.Actors.Persistence;

namespace AptRl.Tests.Contracts;

/// <summary>The store contract over files.</summary>
public sealed class SqliteStoreTests : JournalStoreContract
{
    protected override PostgresOptions? NewDatabase() => null;

    protected override long DeleteSnapshots()
    {
        var file = Path.Combine(Folder, "snapshots.db");
        var length = new FileInfo(file).Length;
        foreach (var its in Directory.GetFiles(Folder, "snapshots.db*"))
        {
            File.Delete(its);
        }

        return length;
    }
}
