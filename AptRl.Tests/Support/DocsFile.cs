using System.Runtime.CompilerServices;

namespace AptRl.Tests.Support;

/// <summary>A file of the folder docs, as it stands in the sources.</summary>
internal static class DocsFile
{
    public static string Text(string name, [CallerFilePath] string caller = "")
    {
        var folder = Path.GetDirectoryName(caller)!;
        while (!File.Exists(Path.Combine(folder, "docs", name)))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException($"no docs/{name} above {caller}");
        }

        return File.ReadAllText(Path.Combine(folder, "docs", name));
    }
}
