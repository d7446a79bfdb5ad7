namespace AptRl.Model.OffPolicy;

/// <summary>A policy that looks at nothing but the place: one distribution over the actions for each position.</summary>
public sealed class FixedTarget : ITargetPolicy
{
    private readonly double[][] _byPosition;

    /// <summary>Takes the distributions.</summary>
    /// <param name="name">Its name in reports.</param>
    /// <param name="byPosition">For each position, π of each action; together 1.</param>
    /// <exception cref="ArgumentException">A distribution does not add up to 1, or has a negative number.</exception>
    public FixedTarget(string name, IReadOnlyList<double[]> byPosition)
    {
        foreach (var distribution in byPosition)
        {
            if (distribution.Any(probability => probability is not >= 0) || Math.Abs(distribution.Sum() - 1) > 1e-6)
            {
                throw new ArgumentException($"the probabilities of target '{name}' add up to {distribution.Sum()}, or one is negative: they must add up to 1", nameof(byPosition));
            }
        }

        (Name, _byPosition) = (name, [.. byPosition]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>How often a log took each action at each position: the policy that made it, averaged over the log's time.</summary>
    /// <remarks>
    /// Where the policy that made a log moved on while it ran, its mean distribution is known from the log alone: the share
    /// of rounds that took an action is an unbiased estimate of it, with an error of order 1/√rounds.
    /// </remarks>
    /// <param name="name">Its name in reports.</param>
    /// <param name="log">The log it made.</param>
    /// <param name="positions">Positions of the log that it is to be judged on, which may be more than occur in its own.</param>
    /// <exception cref="ArgumentException">A position has no round.</exception>
    public static FixedTarget FromChoicesOf(string name, BanditLog log, int positions)
    {
        var counts = Enumerable.Range(0, positions).Select(_ => new double[log.Actions.Count]).ToArray();
        foreach (var round in log.Rounds.Where(round => round.Position < positions))
        {
            counts[round.Position][round.Action]++;
        }

        return counts.Any(count => count.Sum() == 0)
            ? throw new ArgumentException($"log '{log.Name}' has no round at some position that it is to be judged on: take logs of the same shop", nameof(log))
            : new FixedTarget(name, [.. counts.Select(count => Array.ConvertAll(count, one => one / count.Sum()))]);
    }

    /// <inheritdoc/>
    public void Fill(LoggedRound round, Span<double> probabilities) => _byPosition[round.Position].CopyTo(probabilities);
}
