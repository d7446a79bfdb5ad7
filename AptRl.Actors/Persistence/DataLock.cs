namespace AptRl.Actors.Persistence;

/// <summary>Keeps a second process out of a data folder: two writers of one journal would each be wrong.</summary>
public sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Takes the folder; the operating system gives it back when the process ends, however it ends.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public DataLock(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "lock");
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"{Path.GetFullPath(directory)} is in use by another AptRl process: stop it, or name another --data-dir", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
