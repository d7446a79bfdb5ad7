namespace AptRl.Model.Exploration;

/// <summary>How much less is known of a user with a short window.</summary>
internal static class ShortWindow
{
    private const int TouchesMax = 20;

    /// <summary>√((1 + touches)/21): 1 from 20 touches on, 0.22 for a stranger.</summary>
    public static double Knowledge(int touches) => Math.Sqrt((1.0 + Math.Min(touches, TouchesMax)) / (1 + TouchesMax));
}
