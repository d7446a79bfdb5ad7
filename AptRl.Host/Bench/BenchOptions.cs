namespace AptRl.Host.Bench;

/// <summary>The load of one bench.</summary>
internal sealed record BenchOptions
{
    /// <summary>Recommendations a second, and beside them as many events. Default 500.</summary>
    public double RatePerSecond { get; init; } = 500;

    /// <summary>How long it is measured. Default 30 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Before that, the rate climbs from nothing for so long; checked, not measured. Default 20 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Users, all equally busy. Default 5,000: as many as arrive during the default warm-up.</summary>
    public int Users { get; init; } = 5_000;

    /// <summary>Items in the catalogue. Default 50,000.</summary>
    public int Catalogue { get; init; } = 50_000;

    /// <summary>Items in a slate. Default 10.</summary>
    public int SlateLength { get; init; } = 10;

    /// <summary>Share of events that click on an item just recommended. Default 0.2.</summary>
    public double ClickShare { get; init; } = .2;

    /// <summary>The same seed sends the same users, items and kinds. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}
