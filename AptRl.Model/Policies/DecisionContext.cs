using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Model.Policies;

/// <summary>One request with what is known of its user: all that a decision depends on besides policy, catalogue and encoder.</summary>
/// <param name="Id">The decision to be made.</param>
/// <param name="RequestId">The caller's id of it.</param>
/// <param name="At">Event time of the request.</param>
/// <param name="Count">Positions to fill.</param>
/// <param name="Own">The caller's candidates; empty lets the scenario choose.</param>
/// <param name="Exclude">Items not to show.</param>
/// <param name="Category">Show only items of this category; null for all.</param>
/// <param name="State">The encoder's state of the user, [D].</param>
/// <param name="Window">The user's window, oldest touch first.</param>
/// <param name="Session">The user's last session, by its number in the lessons; null before the first.</param>
/// <param name="TimesShown">How often each item is in the user's last decisions in this scenario; null counts as never.</param>
public sealed record DecisionContext(
    DecisionId Id,
    string RequestId,
    DateTimeOffset At,
    int Count,
    ImmutableArray<ItemId> Own,
    ImmutableArray<ItemId> Exclude,
    string? Category,
    float[] State,
    ImmutableArray<Touch> Window,
    long? Session,
    IReadOnlyDictionary<ItemId, int>? TimesShown)
{
    /// <summary>Touches that say what a user is after now; older ones say what the user likes and tires of.</summary>
    public const int RecentMax = 20;

    /// <summary>The newest <see cref="RecentMax"/> touches of the window, oldest first.</summary>
    public ReadOnlySpan<Touch> Recent => Window.AsSpan()[Math.Max(0, Window.Length - RecentMax)..];
}
