namespace AptRl.Model.Segments;

/// <summary>How users are put into segments.</summary>
public sealed record SegmentOptions
{
    /// <summary>Segments. Default 5, 2 to 50; fewer where there are fewer users.</summary>
    public int Count { get; init; } = 5;

    /// <summary>
    /// How much the behaviours count beside the state, which by itself says mostly which items are liked. Default 1, at least 0;
    /// 0 clusters states alone.
    /// </summary>
    public double BehaviourWeight { get; init; } = 1;

    /// <summary>Touches of a user that count, the newest. Default 100, 1 to 10,000.</summary>
    public int TouchesMax { get; init; } = 100;

    /// <summary>Users with fewer touches are given a segment and are not learned from. Default 3, at least 1.</summary>
    public int TouchesMin { get; init; } = 3;

    /// <summary>Users learned from at most, evenly spread over all. Default 100,000, at least 2.</summary>
    public int UsersMax { get; init; } = 100_000;

    /// <summary>Iterations of k-means at most. Default 200, at least 1.</summary>
    public int IterationsMax { get; init; } = 200;

    /// <summary>Decides where k-means begins: the same seed on the same log gives the same segments. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public SegmentOptions Checked()
    {
        InRange(Count, 2, 50, nameof(Count));
        InRange(TouchesMax, 1, 10_000, nameof(TouchesMax));
        InRange(TouchesMin, 1, TouchesMax, nameof(TouchesMin));
        InRange(UsersMax, 2, int.MaxValue, nameof(UsersMax));
        InRange(IterationsMax, 1, int.MaxValue, nameof(IterationsMax));
        return BehaviourWeight is >= 0 and <= 1_000 ? this
            : throw new ArgumentException($"{nameof(BehaviourWeight)} {BehaviourWeight} is not in 0 to 1,000");
    }

    private static void InRange(int value, int min, int max, string name)
    {
        if (value < min || value > max)
        {
            throw new ArgumentException($"{name} {value} is not in {min} to {max}");
        }
    }
}
