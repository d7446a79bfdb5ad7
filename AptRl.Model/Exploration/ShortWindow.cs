namespace AptRl.Model.Exploration;

/// <summary>How much less is known of a user with a short window.</summary>
internal static class ShortWindow
{
    /// <summary>√((1 + touches)/21): 1 for a full window of 20, 0.22 for a stranger.</summary>
    public static double Knowledge(int touches) => Math.Sqrt((1 + touches) / 21.0);
}
