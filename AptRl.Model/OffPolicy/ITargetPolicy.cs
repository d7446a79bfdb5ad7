namespace AptRl.Model.OffPolicy;

/// <summary>The policy whose value is asked for: π. The one that made the log is μ.</summary>
public interface ITargetPolicy
{
    /// <summary>Its name in reports.</summary>
    string Name { get; }

    /// <summary>Writes π(a | x) of each action.</summary>
    /// <param name="round">The context; what was shown there must not be read.</param>
    /// <param name="probabilities">One number an action; together 1.</param>
    void Fill(LoggedRound round, Span<double> probabilities);
}
