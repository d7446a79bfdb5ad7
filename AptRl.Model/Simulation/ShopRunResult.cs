namespace AptRl.Model.Simulation;

/// <summary>What one shopkeeper earned in one shop, kept so that it can be put together with others and resampled by shopper.</summary>
public sealed class ShopRunResult
{
    /// <summary>Column of <see cref="ShopperSums"/>: page views filled.</summary>
    public const int PageViews = 0;

    /// <summary>Column: Σ of the exact probabilities that what was shown is clicked.</summary>
    public const int ExpectedClicks = 1;

    /// <summary>Column: the same of the best slates for the same page views.</summary>
    public const int BestClicks = 2;

    /// <summary>Column: page views that were clicked.</summary>
    public const int Clicks = 3;

    /// <summary>Column: rewards, weighted.</summary>
    public const int Reward = 4;

    /// <summary>Column: sessions with a page view.</summary>
    public const int Sessions = 5;

    /// <summary>Column: money of purchases.</summary>
    public const int Money = 6;

    /// <summary>Columns of <see cref="ShopperSums"/>.</summary>
    public const int Columns = 7;

    /// <summary>Page views in a step of the curves; the last may be shorter.</summary>
    public required int StepLength { get; init; }

    /// <summary>Σ of the exact click probabilities of what was shown, step by step.</summary>
    public required IReadOnlyList<double> Expected { get; init; }

    /// <summary>The same of the best slates for the same page views.</summary>
    public required IReadOnlyList<double> Best { get; init; }

    /// <summary>Page views of each step.</summary>
    public required IReadOnlyList<int> Views { get; init; }

    /// <summary>Of each shopper the sums named by the columns.</summary>
    public required IReadOnlyList<double[]> ShopperSums { get; init; }

    /// <summary>How exposure was spread over the catalogue.</summary>
    public required Exposure Exposure { get; init; }

    /// <summary>Page views filled.</summary>
    public int Decisions => Views.Sum();
}
