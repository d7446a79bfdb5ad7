using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Model.Segments;

/// <summary>Measures the behaviours of one user's touches, against a shop whose popular items it has counted.</summary>
internal sealed class BehaviourMeter
{
    internal static readonly int Count = Enum.GetValues<Behaviour>().Length;

    private static readonly TimeSpan SessionGap = new WindowOptions().SessionGap;

    private readonly Dictionary<ItemId, int> _touched = [];

    internal BehaviourMeter(IEnumerable<ImmutableArray<Touch>> windows)
    {
        foreach (var touch in windows.SelectMany(window => window))
        {
            if (touch.Item is { } item)
            {
                _touched[item] = _touched.GetValueOrDefault(item) + 1;
            }
        }
    }

    /// <param name="window">Oldest first; all zeros for an empty one.</param>
    /// <param name="now">When it is asked.</param>
    internal double[] Measure(ImmutableArray<Touch> window, DateTimeOffset now)
    {
        var measures = new double[Count];
        if (window.IsDefaultOrEmpty)
        {
            return measures;
        }

        var (seen, sessions, items) = (new HashSet<ItemId>(), 1, 0);
        for (var at = 0; at < window.Length; at++)
        {
            var touch = window[at];
            measures[(int)Behaviour.Purchases] += touch.Kind is InteractionKind.Purchase ? 1 : 0;
            measures[(int)Behaviour.Carts] += touch.Kind is InteractionKind.AddToCart or InteractionKind.AddToWishlist ? 1 : 0;
            sessions += at > 0 && touch.At - window[at - 1].At > SessionGap ? 1 : 0;
            if (touch.Item is { } item)
            {
                items++;
                measures[(int)Behaviour.Returns] += seen.Add(item) ? 0 : 1;
                measures[(int)Behaviour.Popularity] += Math.Log2(1 + _touched.GetValueOrDefault(item));
            }
        }

        measures[(int)Behaviour.Purchases] /= window.Length;
        measures[(int)Behaviour.Carts] /= window.Length;
        measures[(int)Behaviour.Returns] /= window.Length;
        measures[(int)Behaviour.Popularity] /= Math.Max(1, items);
        measures[(int)Behaviour.Length] = Math.Log2(1 + window.Length);
        measures[(int)Behaviour.Depth] = Math.Log2(1 + (double)window.Length / sessions);
        measures[(int)Behaviour.Absence] = Math.Log2(1 + Math.Max(0, (now - window[^1].At).TotalDays));
        return measures;
    }
}
