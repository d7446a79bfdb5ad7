namespace AptRl.Tests.Support;

/// <summary>The folder of a test that has a journal in it.</summary>
internal static class JournalFolder
{
    /// <summary>Deletes it when its actor system has ended.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A checkpoint that was under way when the system ended may put its side file back while the folder goes.
            Directory.Delete(folder, recursive: true);
        }
    }
}
