namespace AptRl.Model.Exploration;

/// <summary>Keeps every candidate possible and exploration affordable.</summary>
internal static class Bounds
{
    /// <summary>Lifts each probability to the floor and cuts what is not the best to the cap, together; they still add up to 1.</summary>
    /// <remarks>
    /// Over M candidates f = min(floor, cap/M); p(i) ← f + (1 - M·f)·p(i), of which the second part is scaled down where all but
    /// the best have more than the cap together. The best has the rest, never less than f: if all but it had more than the
    /// cap, then 1 - f did, so 1 - cap is above f.
    /// </remarks>
    /// <param name="probabilities">Of what is left, the best first.</param>
    /// <param name="floor">Least probability of each.</param>
    /// <param name="cap">Most probability of all but the best.</param>
    public static void Apply(Span<double> probabilities, double floor, double cap)
    {
        if (floor <= 0 && cap >= 1)
        {
            return;
        }

        var count = probabilities.Length;
        var least = Math.Min(floor, cap / count);
        var rest = 1 - count * least;
        var excess = 0.0;
        for (var place = count - 1; place > 0; place--)
        {
            excess += rest * probabilities[place];
        }

        var allowed = cap - (count - 1) * least;
        var scale = excess > allowed ? rest * (allowed / excess) : rest;
        var others = 0.0;
        for (var place = count - 1; place > 0; place--)
        {
            probabilities[place] = least + scale * probabilities[place];
            others += probabilities[place];
        }

        probabilities[0] = 1 - others;
    }
}
