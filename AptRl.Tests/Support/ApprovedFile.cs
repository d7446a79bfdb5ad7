using Xunit;
using System.Runtime.CompilerServices;

namespace AptRl.Tests.Support;

/// <summary>Compares what a surface looks like with what was approved, in the folder Approved: a difference is a decision.</summary>
internal static class ApprovedFile
{
    public static void Check(string name, string text, [CallerFilePath] string caller = "")
    {
        var approved = PathOf(name, caller);
        var received = Path.Combine(AppContext.BaseDirectory, name + ".received");
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        if (expected.ReplaceLineEndings() != text.ReplaceLineEndings())
        {
            File.WriteAllText(received, text);
            Assert.Fail($"{name} is not as approved. See: diff {approved} {received}\nIf it is meant: cp {received} {approved}\n\n{text}");
        }
    }

    public static string[] Lines(string name, [CallerFilePath] string caller = "") => File.ReadAllLines(PathOf(name, caller));

    private static string PathOf(string name, string caller)
    {
        var folder = Path.GetDirectoryName(caller)!;
        while (!Directory.Exists(Path.Combine(folder, "Approved")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"no folder Approved above {caller}");
        }

        return Path.Combine(folder, "Approved", name);
    }
}
