namespace AptRl.Tests.Model.Native;

internal static class Package
{
    internal static string Library
        => ((string)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")!).Split(Path.PathSeparator)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Select(folder => Path.Combine(folder, "libLibTorchSharp.so"))
            .First(File.Exists);
}
