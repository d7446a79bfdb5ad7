namespace AptRl.Model.OffPolicy;

/// <summary>One choice of one action, as it was logged: what was known, what was shown, how likely that was, what it earned.</summary>
public sealed class LoggedRound
{
    /// <summary>Takes a round.</summary>
    /// <param name="cluster">Whose round it is, such as the number of a user: rounds of one cluster are resampled together.</param>
    /// <param name="position">Place in the shop's slate, from 0; 0 where there is one place only.</param>
    /// <param name="context">What was known before the choice.</param>
    /// <param name="action">Number of the action that was shown.</param>
    /// <param name="propensity">Probability with which it was chosen, in (0, 1].</param>
    /// <param name="reward">What it earned.</param>
    /// <param name="affinities">One number an action: what links this context to it; empty where there are none.</param>
    /// <exception cref="ArgumentException">The propensity is not in (0, 1], the reward is not a number, or position or action is negative.</exception>
    public LoggedRound(int cluster, int position, float[] context, int action, double propensity, double reward, float[] affinities)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfNegative(action);
        if (propensity is not (> 0 and <= 1))
        {
            throw new ArgumentException($"propensity {propensity} is not in (0, 1]: a log without exact propensities cannot be weighed", nameof(propensity));
        }

        if (!double.IsFinite(reward))
        {
            throw new ArgumentException($"reward {reward} is not a number", nameof(reward));
        }

        (Cluster, Position, Context, Action, Propensity, Reward, Affinities) = (cluster, position, context, action, propensity, reward, affinities);
    }

    /// <summary>Whose round it is.</summary>
    public int Cluster { get; }

    /// <summary>Place in the shop's slate, from 0.</summary>
    public int Position { get; }

    /// <summary>What was known before the choice.</summary>
    public IReadOnlyList<float> Context { get; }

    /// <summary>Number of the action that was shown.</summary>
    public int Action { get; }

    /// <summary>Probability with which it was chosen, in (0, 1].</summary>
    public double Propensity { get; }

    /// <summary>What it earned.</summary>
    public double Reward { get; }

    /// <summary>What links the context to each action; empty where nothing does.</summary>
    public IReadOnlyList<float> Affinities { get; }
}
