namespace AptRl.Model.OffPolicy;

/// <summary>A log in the eyes of a target policy.</summary>
/// <typeparam name="T">A weighed round or slate.</typeparam>
/// <param name="Target">The target's name.</param>
/// <param name="Rounds">The weighed rounds.</param>
/// <param name="Clusters">Whose round each is.</param>
/// <param name="Weights">w of each round as a whole.</param>
/// <param name="Rewards">What each round earned in all.</param>
/// <param name="Unsupported">Share of what the target shows that the log never shows.</param>
public sealed record WeighedLog<T>(
    string Target, IReadOnlyList<T> Rounds, IReadOnlyList<int> Clusters, IReadOnlyList<double> Weights, IReadOnlyList<double> Rewards, double Unsupported)
{
    /// <summary>How well the log covers the target.</summary>
    public Overlap Overlap() => OffPolicy.Overlap.Of([.. Weights], [.. Rewards.Select(reward => reward != 0)], [.. Clusters], Unsupported);
}
