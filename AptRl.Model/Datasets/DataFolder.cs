using AptRl.Model.Ingest;

namespace AptRl.Model.Datasets;

/// <summary>Reads a folder of interactions and parts it into what may be learned from and what is asked.</summary>
public static class DataFolder
{
    /// <summary>Reads a folder.</summary>
    /// <param name="path">The folder; its files are plain or have .gz behind their names. Text is UTF-8; blank lines are nothing.</param>
    /// <param name="format">What it holds.</param>
    /// <param name="columns">Which column holds what, for <see cref="DataFormat.Events"/>; null recognises them by their names.</param>
    /// <param name="clock">Tells which events lie in the future; null is the system's.</param>
    /// <param name="rejected">Told of every event that cannot be read and is left out; may be null.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="IngestException">A file is missing, damaged or malformed, or there is too little to learn from or to ask.</exception>
    public static NextItemTask Read(
        string path,
        DataFormat format,
        ColumnMapping? columns = null,
        TimeProvider? clock = null,
        Action<Rejected>? rejected = null,
        CancellationToken cancellation = default)
    {
        var name = NameOf(path);
        return format switch
        {
            DataFormat.Sessions => SessionFolder.Read(path, name, cancellation),
            DataFormat.Sequences => SequenceFolder.Read(path, name, cancellation),
            _ => EventFolder.Read(path, name, columns, clock ?? TimeProvider.System, rejected, cancellation),
        };
    }

    /// <summary>Reads a folder of <see cref="DataFormat.Events"/> as one log in the order of time.</summary>
    /// <exception cref="IngestException">A file is missing, damaged or malformed, or there is too little to learn from and to ask.</exception>
    public static EventLog ReadLog(
        string path,
        ColumnMapping? columns = null,
        TimeProvider? clock = null,
        Action<Rejected>? rejected = null,
        CancellationToken cancellation = default)
        => EventFolder.ReadLog(path, NameOf(path), columns, clock ?? TimeProvider.System, rejected, cancellation);

    private static string NameOf(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    }
}
