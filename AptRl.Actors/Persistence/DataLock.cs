namespace AptRl.Actors.Persistence;

/// <summary>Keeps a second process out of a data folder: two writers of one journal would each be wrong.</summary>
/// <remarks>Several nodes of one cluster in one process share it, as they share the writers.</remarks>
public sealed class DataLock : IDisposable
{
    private static readonly Dictionary<string, (FileStream File, int Nodes)> Shared = new(StringComparer.Ordinal);

    private readonly FileStream? _file;
    private readonly string _path;

    /// <summary>Takes the folder; the operating system gives it back when the process ends, however it ends.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="isShared">Whether other nodes of this process may have it too.</param>
    /// <exception cref="IOException">Another process has it.</exception>
    public DataLock(string directory, bool isShared = false)
    {
        Directory.CreateDirectory(directory);
        _path = Path.GetFullPath(Path.Combine(directory, "lock"));
        try
        {
            if (!isShared)
            {
                _file = Take(_path);
                return;
            }

            lock (Shared)
            {
                Shared[_path] = Shared.TryGetValue(_path, out var held) ? (held.File, held.Nodes + 1) : (Take(_path), 1);
            }
        }
        catch (IOException fault)
        {
            throw new IOException($"{Path.GetFullPath(directory)} is in use by another AptRl process: stop it, or name another --data-dir", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file is not null)
        {
            _file.Dispose();
            return;
        }

        lock (Shared)
        {
            if (!Shared.TryGetValue(_path, out var held))
            {
                return;
            }

            if (held.Nodes > 1)
            {
                Shared[_path] = (held.File, held.Nodes - 1);
            }
            else
            {
                Shared.Remove(_path);
                held.File.Dispose();
            }
        }
    }

    private static FileStream Take(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
