namespace AptRl.Model.Simulation;

/// <summary>What a session may be about, by Bayes' rule from what its shopper does: P(c) for every category.</summary>
/// <remarks>
/// The prior is how the shop draws intents. A view without us has likelihood 0.8·[c is the item's category]·p(i)/p(c) +
/// 0.2·p(i)/p, with p popularity; how far the shopper's taste makes it pass over items counts the same for all c and is left
/// out. A slate has the exact likelihood of its click or of none. A click moves the session to the item's category with the
/// probability that shoppers follow clicks.
/// </remarks>
internal sealed class SessionBelief
{
    private readonly ShopWorld _world;
    private readonly double[] _shares;

    public SessionBelief(ShopWorld world, Taste taste, double stray)
    {
        _world = world;
        _shares = new double[world.CategoryCount];
        Array.Fill(_shares, stray / world.CategoryCount);
        for (var at = 0; at < taste.Liked.Length; at++)
        {
            _shares[taste.Liked[at]] += (1 - stray) * taste.Weights.ShareOf(at);
        }
    }

    /// <summary>P(c).</summary>
    public ReadOnlySpan<double> Shares => _shares;

    /// <summary>The shopper came across an item without us.</summary>
    public void Saw(int item)
    {
        var own = _world.CategoryOf(item);
        for (var category = 0; category < _shares.Length; category++)
        {
            _shares[category] *= (category == own ? ShopWorld.AboutIntent / _world.PopularityOf(own) : 0) + (1 - ShopWorld.AboutIntent) / _world.PopularityOfAll;
        }

        Normalise();
    }

    /// <summary>The shopper responded to a slate.</summary>
    /// <param name="likelihoods">Of what it did, for each category.</param>
    /// <param name="clicked">The item that it clicked; -1 for none.</param>
    /// <param name="follow">Probability that a click moves the session.</param>
    public void Responded(ReadOnlySpan<double> likelihoods, int clicked, double follow)
    {
        for (var category = 0; category < _shares.Length; category++)
        {
            _shares[category] *= likelihoods[category];
        }

        Normalise();
        if (clicked >= 0)
        {
            for (var category = 0; category < _shares.Length; category++)
            {
                _shares[category] *= 1 - follow;
            }

            _shares[_world.CategoryOf(clicked)] += follow;
        }
    }

    private void Normalise()
    {
        var sum = _shares.Sum();
        for (var category = 0; category < _shares.Length; category++)
        {
            _shares[category] = sum > 0 ? _shares[category] / sum : 1.0 / _shares.Length;
        }
    }
}
