namespace AptRl.Model.Datasets;

/// <summary>Cuts a line at its blanks.</summary>
internal static class Words
{
    public static string[] Of(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
