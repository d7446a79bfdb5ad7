using System.Security.Cryptography;

namespace AptRl.Model.Native;

/// <summary>Keeps fitted copies of native libraries, one folder per original.</summary>
/// <remarks>A copy appears by rename, so that another process sees a whole file or none; the last of two writers wins with the same bytes.</remarks>
internal static class LibraryCache
{
    /// <summary>The user's cache folder, and the folder for temporary files where that cannot be written.</summary>
    internal static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } chosen && Path.IsPathRooted(chosen))
        {
            yield return Path.Combine(chosen, "aptrl");
        }

        if (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".cache", "aptrl");
        }

        // The user's name keeps one user's folder from standing in another's way.
        yield return Path.Combine(Path.GetTempPath(), $"aptrl-{Environment.UserName}");
    }

    /// <summary>The path of the copy, in the first folder that holds it or can be written.</summary>
    internal static string Keep(IEnumerable<string> caches, string name, byte[] original, byte[] fitted)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(original).AsSpan(0, 8));
        var refusals = new List<string>();
        foreach (var cache in caches)
        {
            var path = Path.Combine(cache, "native", key, name);
            try
            {
                if (!Holds(path, fitted))
                {
                    Write(path, fitted);
                }

                return path;
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
            {
                refusals.Add($"{cache} ({refusal.Message})");
            }
        }

        throw new DllNotFoundException(
            $"no folder can hold the fitted copy of {name}: {string.Join("; ", refusals)}. Set XDG_CACHE_HOME to a folder that can be written");
    }

    // The content is compared, not the length: whoever can write there could otherwise slip a library in, and a
    // machine that lost power may have kept the name without the bytes.
    private static bool Holds(string path, byte[] fitted)
        => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(fitted);

    private static void Write(string path, byte[] fitted)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var partial = Path.Combine(folder, $".{Path.GetRandomFileName()}.partial");
        try
        {
            File.WriteAllBytes(partial, fitted);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
