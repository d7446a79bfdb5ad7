using ICSharpCode.SharpZipLib.GZip;

namespace AptRl.Model.Ingest;

/// <summary>Opens a file to be read once from its beginning.</summary>
internal static class SourceFile
{
    /// <summary>Its bytes, unpacked.</summary>
    /// <exception cref="IngestException">It is not there, may not be read, or is not gzip though it should be.</exception>
    public static Stream Open(string path, bool isGzip)
    {
        var file = OpenRaw(path);
        if (!isGzip)
        {
            return file;
        }

        if (!BeginsAsGzip(file))
        {
            file.Dispose();
            throw new IngestException(IngestFault.NotGzip, $"{path} does not begin as gzip does: rename it without .gz, or fetch it again");
        }

        // .NET's own GZipStream takes a file cut short for a whole one.
        return new GZipInputStream(file, 64 * 1024);
    }

    private static FileStream OpenRaw(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, Options = FileOptions.SequentialScan });
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IngestException(IngestFault.MissingFile, $"{path} does not exist: check the path, seen from {Environment.CurrentDirectory}", missing);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new IngestException(IngestFault.UnreadableFile, $"{path} cannot be read: {refused.Message}", refused);
        }
    }

    private static bool BeginsAsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic.SequenceEqual((ReadOnlySpan<byte>)[0x1f, 0x8b]);
        file.Position = 0;
        return isGzip;
    }
}
