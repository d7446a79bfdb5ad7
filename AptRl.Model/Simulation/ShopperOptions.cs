namespace AptRl.Model.Simulation;

/// <summary>How the shoppers of a simulated shop behave, whatever the shop sells. docs/simulation.md has the equations.</summary>
public sealed record ShopperOptions
{
    /// <summary>Probability of one more view without us, after each. Default 0.5: a fitted shop has that of its sessions.</summary>
    public double BrowseMore { get; init; } = 0.5;

    /// <summary>Probability that the session ends after a page view on which something was clicked. Default 0.1.</summary>
    public double LeaveAfterClick { get; init; } = 0.1;

    /// <summary>The same after one on which nothing was: a slate that disappoints ends sessions sooner. Default 0.25.</summary>
    public double LeaveAfterNone { get; init; } = 0.25;

    /// <summary>Probability that a click on our slate makes the session be about the clicked item's category. Default 0.5.</summary>
    public double FollowClick { get; init; } = 0.5;

    /// <summary>Probability that a session is about any category, and not about one that the shopper prefers. Default 0.1.</summary>
    public double StrayIntent { get; init; } = 0.1;

    /// <summary>How much an item loses by being opened, bought or waved away, as a share of what it does by default. Default 1; 0 is never tired.</summary>
    public double Satiation { get; init; } = 1;

    /// <summary>Probability that an opened item is put in the cart. Default 0.15.</summary>
    public double Cart { get; init; } = 0.15;

    /// <summary>Probability that what is in the cart is bought, at the price that most items have. Default 0.35.</summary>
    public double Purchase { get; init; } = 0.35;

    /// <summary>β of (price / typical price)^-β, which the probability of a purchase is multiplied by, up to twice. Default 0.3.</summary>
    public double PriceElasticity { get; init; } = 0.3;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ShopperOptions Checked()
    {
        InUnit(BrowseMore, nameof(BrowseMore), 0.99);
        InUnit(LeaveAfterClick, nameof(LeaveAfterClick), 1);
        InUnit(LeaveAfterNone, nameof(LeaveAfterNone), 1);
        InUnit(FollowClick, nameof(FollowClick), 1);
        InUnit(StrayIntent, nameof(StrayIntent), 1);
        InUnit(Cart, nameof(Cart), 1);
        InUnit(Purchase, nameof(Purchase), 1);
        InUnit(Satiation, nameof(Satiation), 10);
        InUnit(PriceElasticity, nameof(PriceElasticity), 10);
        return this;
    }

    private static void InUnit(double value, string name, double most)
    {
        if (!(value >= 0 && value <= most))
        {
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} {value} is not in [0, {most}]"));
        }
    }
}
