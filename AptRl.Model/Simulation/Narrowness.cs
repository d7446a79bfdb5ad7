namespace AptRl.Model.Simulation;

/// <summary>How much narrower than its own taste each shopper is served: over-personalization as a number.</summary>
/// <remarks>
/// Chance that two items shown to one shopper are of one category, Σ n_c(n_c - 1)/(N(N - 1)) (Simpson 1949), over the chance that two of
/// its sessions are about one, Σ p_c² with p_c the shopper's own weights and what strays from them; each shopper counts by what it was
/// shown. 1 is as broad as the taste; above, what is shown is narrower. Both ends are seen: a shopper with one session only is served
/// one intent, so that even the best slates are above 1.
/// </remarks>
internal sealed class Narrowness(int categories, double stray)
{
    private readonly Dictionary<string, (int[] Shown, double Own, int Views)> _shoppers = new(StringComparer.Ordinal);

    /// <summary>Takes a slate.</summary>
    /// <param name="shopper">Who was shown it.</param>
    /// <param name="taste">What the shopper likes then.</param>
    /// <param name="shown">Category of each item.</param>
    public void Add(string shopper, Taste taste, ReadOnlySpan<int> shown)
    {
        var (counts, own, views) = _shoppers.TryGetValue(shopper, out var known) ? known : (new int[categories], 0, 0);
        foreach (var category in shown)
        {
            counts[category]++;
        }

        _shoppers[shopper] = (counts, own + OwnOf(taste), views + 1);
    }

    /// <summary>The ratio; 1 where nobody was shown two items.</summary>
    public double Ratio()
    {
        var (alike, own) = (0.0, 0.0);
        foreach (var (counts, expected, views) in _shoppers.Values)
        {
            var shown = (double)counts.Sum();
            if (shown >= 2)
            {
                alike += counts.Sum(count => (double)count * (count - 1)) / (shown - 1);
                own += shown * expected / views;
            }
        }

        return own == 0 ? 1 : alike / own;
    }

    private double OwnOf(Taste taste)
    {
        var shares = new double[categories];
        Array.Fill(shares, stray / categories);
        for (var at = 0; at < taste.Liked.Length; at++)
        {
            shares[taste.Liked[at]] += (1 - stray) * taste.Weights.ShareOf(at);
        }

        return shares.Sum(share => share * share);
    }
}
