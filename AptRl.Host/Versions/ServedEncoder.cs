using AptRl.Actors.Persistence;
using AptRl.Actors.Versions;
using AptRl.Host.Commands;
using AptRl.Model.Encoding;

namespace AptRl.Host.Versions;

/// <summary>Which encoder a data folder is served with: the version that it says, else the file that was named.</summary>
/// <param name="Model">The encoder.</param>
/// <param name="TakesOver">Whether learners may have to be made anew with it.</param>
internal sealed record ServedEncoder(EncoderModel Model, bool TakesOver)
{
    /// <summary>Finds it.</summary>
    /// <param name="directory">The data folder.</param>
    /// <param name="postgres">The database of the journal; null where it is in the folder.</param>
    /// <param name="named">The file that the operator named; null for none.</param>
    /// <exception cref="UserErrorException">What was named is not what the folder was served with.</exception>
    public static ServedEncoder Of(string directory, PostgresOptions? postgres, string? named)
    {
        try
        {
            var folder = new VersionFolder(directory);
            return folder.Read() is { } versions ? OfVersions(folder, versions, named) : OfFile(directory, postgres, named);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or ArgumentException or Microsoft.Data.Sqlite.SqliteException)
        {
            throw new UserErrorException(fault.Message);
        }
    }

    /// <summary>The encoder of a file, or the one that was never fitted, the same everywhere.</summary>
    public static EncoderModel Load(string? named) => named is null ? EncoderModel.Fresh(new EncoderOptions(), [], seed: 1) : EncoderModel.Load(named);

    private static ServedEncoder OfVersions(VersionFolder folder, Model.Versions.EncoderVersions versions, string? named)
    {
        if (named is not null)
        {
            using var given = EncoderModel.Load(named);
            if (versions.Versions.All(version => version.Id != given.Version))
            {
                throw new UserErrorException(
                    $"{named} is encoder {given.Version}, which is no version of this data folder; {versions.Active} serves: add it with 'aptrl versions add' and promote it, or leave --model out");
            }
        }

        return new ServedEncoder(EncoderModel.Load(folder.FileOf(versions.Active)), versions.History.Length > 0);
    }

    private static ServedEncoder OfFile(string directory, PostgresOptions? postgres, string? named)
    {
        var model = Load(named);
        if (NewestEncoder(directory, postgres) is { } before && before != model.Version)
        {
            var version = model.Version;
            model.Dispose();
            throw new UserErrorException(
                $"the decisions in '{(postgres is null ? directory : "the database")}' were made with encoder {before}, and {(named is null ? "without --model it is" : named + " is")} {version}: name the file of {before}, or add the new one with 'aptrl versions add' and promote it");
        }

        return new ServedEncoder(model, false);
    }

    private static string? NewestEncoder(string directory, PostgresOptions? postgres)
    {
        if (postgres is null && !Directory.Exists(directory))
        {
            return null;
        }

        using var store = JournalStore.Open(directory, null, postgres);
        return store.NewestEncoder();
    }
}
