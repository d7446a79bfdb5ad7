using System.Text;

namespace AptRl.Host.Demo;

/// <summary>Draws a series of rates in one line of text.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>The newest part of the series, one character per step; a gap is a space, the mark is drawn before its step.</summary>
    /// <param name="top">The rate drawn as a full block.</param>
    /// <param name="mark">Step before which a line is drawn; null for none.</param>
    /// <param name="width">Characters at most; where there are more steps, neighbours are averaged.</param>
    public static string Of(IReadOnlyList<double?> series, double top, int? mark, int width)
    {
        var per = Math.Max(1, (series.Count + width - 1) / width);
        var line = new StringBuilder();
        for (var first = 0; first < series.Count; first += per)
        {
            if (mark is { } step && first <= step && step < first + per)
            {
                line.Append('┊');
            }

            var known = series.Skip(first).Take(per).OfType<double>().ToArray();
            line.Append(known.Length == 0 ? ' ' : Levels[Math.Clamp((int)(known.Average() / top * Levels.Length), 0, Levels.Length - 1)]);
        }

        return line.ToString();
    }
}
