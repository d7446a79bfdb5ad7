using System.Runtime.InteropServices;
using TorchSharp;

namespace AptRl.Model.Native;

/// <summary>Makes TorchSharp's native library load on systems whose C++ runtime is older than the one it was built with.</summary>
/// <remarks>
/// Everything that touches <c>torch</c> calls <see cref="EnsureLoaded"/> first. Where the library loads as it is,
/// nothing is written. Where it does not for want of <see cref="SymbolVersionPatch.Version"/>, a weakened copy is kept
/// in a cache folder named by the original's hash, and that copy is loaded; TorchSharp then finds it already there.
/// </remarks>
public static class TorchRuntime
{
    private const string Library = "libLibTorchSharp.so";

    private static readonly Lock Gate = new();
    private static readonly string[] Needed = ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static bool _loaded;

    /// <summary>Loads the library once per process; later calls return at once. Safe from any thread.</summary>
    /// <exception cref="DllNotFoundException">It is not there or does not load; the text says what to do.</exception>
    /// <exception cref="BadImageFormatException">It is not the library that this loader knows how to fit.</exception>
    public static void EnsureLoaded()
    {
        if (Volatile.Read(ref _loaded))
        {
            return;
        }

        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            if (OperatingSystem.IsLinux())
            {
                Load(NativeFolders());
            }

            Volatile.Write(ref _loaded, true);
        }
    }

    /// <summary>How many threads one operation of torch may use, for the whole process: set it once, at start.</summary>
    /// <remarks>Serving is best with 1: windows are small, and handing work over costs more than doing it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public static void UseThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        EnsureLoaded();
        torch.set_num_threads(count);
    }

    /// <summary>The path to load: the library itself where it loads, otherwise its weakened copy.</summary>
    /// <param name="library">The library as the package has it; never written to.</param>
    /// <param name="caches">Folders to keep the copy in, best first; the first that can be written is used.</param>
    /// <param name="tryLoad">Loads a path and returns null, or returns the loader's complaint.</param>
    /// <exception cref="DllNotFoundException">It does not load for another reason, or no cache folder can be written.</exception>
    /// <exception cref="BadImageFormatException">It is not the library that this loader knows how to fit.</exception>
    public static string Fit(string library, IEnumerable<string> caches, Func<string, string?> tryLoad)
    {
        ArgumentNullException.ThrowIfNull(caches);
        ArgumentNullException.ThrowIfNull(tryLoad);
        if (tryLoad(library) is not { } complaint)
        {
            return library;
        }

        if (!complaint.Contains(SymbolVersionPatch.Version, StringComparison.Ordinal))
        {
            throw new DllNotFoundException($"{library} does not load: {complaint}. Restore the packages again");
        }

        var original = File.ReadAllBytes(library);
        var copy = LibraryCache.Keep(caches, Library, original, SymbolVersionPatch.Weaken(original));
        return tryLoad(copy) is { } second
            ? throw new DllNotFoundException($"{copy}, fitted to this system, does not load: {second}")
            : copy;
    }

    private static void Load(IReadOnlyList<string> folders)
    {
        var folder = folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, Library)))
            ?? throw new DllNotFoundException(
                $"{Library} is in none of {string.Join(", ", folders)}: reference the package libtorch-cpu-linux-x64 from the program");
        foreach (var needed in Needed.Select(name => Path.Combine(FolderOf(name, folders) ?? folder, name)))
        {
            if (TryLoad(needed) is { } complaint)
            {
                throw new DllNotFoundException(
                    $"{needed} does not load: {complaint}. Reference the package libtorch-cpu-linux-x64 of TorchSharp's release from the program");
            }
        }

        Fit(Path.Combine(folder, Library), LibraryCache.Folders(), TryLoad);
    }

    private static string? FolderOf(string name, IReadOnlyList<string> folders)
        => folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, name)));

    private static List<string> NativeFolders()
        => [.. ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Append(AppContext.BaseDirectory)
            .Distinct(StringComparer.Ordinal)];

    private static string? TryLoad(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (DllNotFoundException missing)
        {
            return missing.Message;
        }
        catch (BadImageFormatException damaged)
        {
            return damaged.Message;
        }
    }
}
