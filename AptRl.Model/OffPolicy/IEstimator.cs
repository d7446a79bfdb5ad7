namespace AptRl.Model.OffPolicy;

/// <summary>Estimates what a policy is worth from a log that another policy made.</summary>
/// <typeparam name="T">A weighed round or slate.</typeparam>
/// <remarks>
/// An estimator is a few sums over rounds and a value made of the sums. So an interval needs no second implementation:
/// clusters of rounds are resampled and the same value is made of their sums.
/// </remarks>
public interface IEstimator<T>
{
    /// <summary>Its name in reports.</summary>
    string Name { get; }

    /// <summary>How many sums it keeps.</summary>
    int Sums { get; }

    /// <summary>Adds a round to the sums.</summary>
    void Add(in T round, Span<double> sums);

    /// <summary>The estimate; not a number where the sums tell nothing.</summary>
    double Value(ReadOnlySpan<double> sums);

    /// <summary>The weight it gives a round, for its effective sample size.</summary>
    double WeightOf(in T round);
}
