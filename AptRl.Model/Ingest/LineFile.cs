namespace AptRl.Model.Ingest;

/// <summary>A file that lines are appended to and that can be cut back: what a run that may be restarted writes to.</summary>
/// <remarks>
/// Its length is known at every moment, so that a run records <see cref="Position"/> after <see cref="Flush"/> together
/// with how far it has read, and a restarted run cuts the file back to it: no line is lost or written twice.
/// Not for use by several threads at once.
/// </remarks>
public sealed class LineFile : IDisposable
{
    private readonly FileStream _file;

    private LineFile(FileStream file) => _file = file;

    /// <summary>Bytes of the file with everything written so far; they survive a crash after <see cref="Flush"/>.</summary>
    public long Position => _file.Position;

    /// <summary>Opens or creates the file and keeps its first bytes.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <param name="keepBytes">The recorded <see cref="Position"/>, or 0 to begin anew.</param>
    /// <exception cref="IngestException">The file is shorter than that.</exception>
    public static LineFile Open(string path, long keepBytes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfNegative(keepBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (file.Length < keepBytes)
        {
            var length = file.Length;
            file.Dispose();
            throw new IngestException(
                IngestFault.RejectFileTooShort, $"{path} has {length} bytes, the run recorded {keepBytes}: put the file back, or begin the run anew");
        }

        file.SetLength(keepBytes);
        file.Position = keepBytes;
        return new LineFile(file);
    }

    /// <summary>Appends a line.</summary>
    /// <param name="line">UTF-8 without the line break.</param>
    public void Write(ReadOnlySpan<byte> line)
    {
        _file.Write(line);
        _file.WriteByte((byte)'\n');
    }

    /// <summary>Returns when everything written is on the disk.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
