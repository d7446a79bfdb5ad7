namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>How a shop runs a recommender that is fitted in batches.</summary>
public sealed record RecipeShopkeeperOptions
{
    /// <summary>Page views between two fits; the first is before the first page view. Default 20,000.</summary>
    public int RefitEvery { get; init; } = 20_000;

    /// <summary>Touches that a fit sees, the newest. Default 60,000.</summary>
    public int TouchesMax { get; init; } = 60_000;

    /// <summary>Touches of a shopper that it is asked with, the newest. Default 20: what our encoder sees.</summary>
    public int Window { get; init; } = 20;

    /// <summary>Whether the touches of a shopper are one sequence; otherwise each session is its own. Default true: long-term taste shows across sessions.</summary>
    public bool AcrossSessions { get; init; } = true;

    /// <summary>Whether what the shopper touched lately is not shown again; otherwise only what it bought. Default true.</summary>
    public bool HideTouched { get; init; } = true;

    /// <summary>Decides the weights of what is fitted. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}
