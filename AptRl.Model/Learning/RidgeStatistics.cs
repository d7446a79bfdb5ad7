namespace AptRl.Model.Learning;

/// <summary>The sufficient statistics of ridge regression on shown items: Σ x xᵀ, and Σ y x for each reward type.</summary>
/// <remarks>
/// Sums of integers, so exact and the same in any order (see <see cref="FeatureVector"/>): a late reward is one more
/// addition to Σ y x and leaves Σ x xᵀ alone, which makes the parameters what they would have been had it come in time.
/// </remarks>
public sealed class RidgeStatistics
{
    /// <summary>Kinds of reward that are summed apart.</summary>
    public const int RewardTypes = 7;

    // Before money and the next slate were rewards. Statistics without them have the bytes and the hash that they had then.
    private const int FirstTypes = 5;

    /// <summary>Numbers in the upper triangle of Σ x xᵀ, row by row.</summary>
    public const int GramLength = FeatureVector.Length * (FeatureVector.Length + 1) / 2;

    // Numbers of a feature vector before there were topics.
    private const int FirstLength = 48;

    private readonly long[] _gram;
    private readonly long[] _rewards;

    /// <summary>Nothing seen yet.</summary>
    public RidgeStatistics()
        : this(new long[GramLength], new long[RewardTypes * FeatureVector.Length], 0)
    {
    }

    /// <summary>Statistics as they were.</summary>
    /// <exception cref="ArgumentException">A length does not fit: the data are of another version.</exception>
    public RidgeStatistics(long[] gram, long[] rewards, long rows)
    {
        // Features are only ever appended: those of an older version stand in front, and nothing is known of the others.
        var length = gram.Length == TriangleOf(FirstLength) ? FirstLength : FeatureVector.Length;
        if (gram.Length != TriangleOf(length) || (rewards.Length != RewardTypes * length && rewards.Length != FirstTypes * length))
        {
            throw new ArgumentException(
                $"statistics of {gram.Length} and {rewards.Length} numbers, {GramLength} and {RewardTypes * FeatureVector.Length} are needed: they are of a later version");
        }

        (_gram, _rewards, Rows) = (new long[GramLength], new long[RewardTypes * FeatureVector.Length], rows);
        var (from, to) = (0, 0);
        for (var row = 0; row < length; row++)
        {
            gram.AsSpan(from, length - row).CopyTo(_gram.AsSpan(to));
            (from, to) = (from + length - row, to + FeatureVector.Length - row);
        }

        for (var type = 0; type < rewards.Length / length; type++)
        {
            rewards.AsSpan(type * length, length).CopyTo(_rewards.AsSpan(type * FeatureVector.Length));
        }
    }

    /// <summary>Σ x xᵀ in units of 2⁻²⁴: upper triangle, row by row.</summary>
    public ReadOnlySpan<long> Gram => _gram;

    /// <summary>Σ y x in units of 2⁻²⁴: <see cref="FeatureVector.Length"/> numbers for each reward type.</summary>
    public ReadOnlySpan<long> Rewards => _rewards;

    /// <summary><see cref="Rewards"/> without the types that came later and have never been: what is hashed and stored.</summary>
    public ReadOnlySpan<long> StoredRewards
        => Rewards[(FirstTypes * FeatureVector.Length)..].ContainsAnyExcept(0) ? _rewards : Rewards[..(FirstTypes * FeatureVector.Length)];

    /// <summary>Rows added.</summary>
    public long Rows { get; private set; }

    /// <summary>The same statistics, apart from these.</summary>
    public RidgeStatistics Copy() => new([.. _gram], [.. _rewards], Rows);

    private static int TriangleOf(int length) => length * (length + 1) / 2;

    /// <summary>Adds a shown item, with reward 0 until told otherwise.</summary>
    public void AddShown(FeatureVector features)
    {
        var units = features.Units;
        var at = 0;
        for (var i = 0; i < units.Length; i++)
        {
            long left = units[i];
            for (var j = i; j < units.Length; j++)
            {
                _gram[at++] += left * units[j];
            }
        }

        Rows++;
    }

    /// <summary>Adds a reward of a shown item.</summary>
    /// <param name="features">The features it was shown with.</param>
    /// <param name="type">What kind of reward.</param>
    /// <param name="amount">In units of 1/<see cref="FeatureVector.One"/>.</param>
    public void AddReward(FeatureVector features, RewardType type, int amount)
    {
        var units = features.Units;
        var sums = _rewards.AsSpan((int)type * FeatureVector.Length, FeatureVector.Length);
        for (var i = 0; i < units.Length; i++)
        {
            sums[i] += (long)amount * units[i];
        }
    }
}
