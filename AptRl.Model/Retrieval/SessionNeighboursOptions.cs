namespace AptRl.Model.Retrieval;

/// <summary>How session neighbours are found and what they say. Distances are in touches, and weights fall by e over each.</summary>
/// <remarks>The defaults were tuned on the validation part of two shops' sessions at once; both are flat around them.</remarks>
public sealed record SessionNeighboursOptions
{
    /// <summary>Sessions that speak: the most similar (k). Default 200.</summary>
    public int Neighbours { get; init; } = 200;

    /// <summary>Newest sessions looked at for each item of the query (m). Default 1,000.</summary>
    public int SessionsPerItem { get; init; } = 1_000;

    /// <summary>Over how many different items back the query counts in finding neighbours. Default 2.2.</summary>
    public double QueryDistance { get; init; } = 2.2;

    /// <summary>Similarity is divided by the neighbour's different items to this power: 0.5 is the cosine. Default 0.1.</summary>
    public double LengthPower { get; init; } = 0.1;

    /// <summary>Sessions ago at which a neighbour counts half: 1/(1 + age/this). Default 40,000.</summary>
    public double HalfAge { get; init; } = 40_000;

    /// <summary>How much a rare item counts above a common one: log(1 + sessions/sessions with it) to this power. Default 0.6.</summary>
    public double RarityPower { get; init; } = 0.6;

    /// <summary>What a neighbour says of the items near the shared one.</summary>
    public NeighbourSteps Steps { get; init; } = new();

    /// <summary>What the session's own items count.</summary>
    public RepeatWeights Repeats { get; init; } = new();

    /// <summary>What co-visits of the best items add.</summary>
    public SecondHop SecondHop { get; init; } = new();

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound or distance is not positive, or a weight is negative.</exception>
    public SessionNeighboursOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Neighbours);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SessionsPerItem);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(QueryDistance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HalfAge);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps.QueryDistance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps.Distance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps.Reach);
        ArgumentOutOfRangeException.ThrowIfNegative(Steps.Backward);
        ArgumentOutOfRangeException.ThrowIfNegative(Steps.Same);
        ArgumentOutOfRangeException.ThrowIfNegative(Repeats.Last);
        ArgumentOutOfRangeException.ThrowIfNegative(Repeats.Habit);
        ArgumentOutOfRangeException.ThrowIfNegative(Repeats.Earlier);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Repeats.Distance);
        ArgumentOutOfRangeException.ThrowIfNegative(Repeats.Scarcity);
        ArgumentOutOfRangeException.ThrowIfNegative(SecondHop.Weight);
        ArgumentOutOfRangeException.ThrowIfNegative(SecondHop.From);
        return this;
    }
}

/// <summary>What a neighbour says of the items near the shared one.</summary>
public sealed record NeighbourSteps
{
    /// <summary>Over how many different items back a shared item of the query counts. Default 2.5.</summary>
    public double QueryDistance { get; init; } = 2.5;

    /// <summary>Over how many touches the items after it count. Default 2.8.</summary>
    public double Distance { get; init; } = 2.8;

    /// <summary>What an item before it counts, against 1 after it. Default 0.8.</summary>
    public double Backward { get; init; } = 0.8;

    /// <summary>What the shared item itself counts. Default 0.5.</summary>
    public double Same { get; init; } = 0.5;

    /// <summary>Touches either way that are looked at. Default 8.</summary>
    public int Reach { get; init; } = 8;
}

/// <summary>What the session's own items count, as a share of all that the neighbours say, times how often each was touched.</summary>
public sealed record RepeatWeights
{
    /// <summary>The last item. Default 0.1.</summary>
    public double Last { get; init; } = 0.1;

    /// <summary>… and this much more in a session where each touch repeats the one before. Default 0.6.</summary>
    public double Habit { get; init; } = 0.6;

    /// <summary>The item before the last one. Default 0.2.</summary>
    public double Earlier { get; init; } = 0.2;

    /// <summary>Over how many different items it falls from there. Default 1.7.</summary>
    public double Distance { get; init; } = 1.7;

    /// <summary>How many times more they count where there are no neighbours; half of that with ten. Default 8.</summary>
    public double Scarcity { get; init; } = 8;
}

/// <summary>What co-visits of the best items add.</summary>
public sealed record SecondHop
{
    /// <summary>Part of an item's score that is handed on to what is touched near it. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Best items that hand on. Default 30.</summary>
    public int From { get; init; } = 30;
}
