namespace AptRl.Model.OffPolicy.OpenBandit;

/// <summary>The policy that made a log of the Open Bandit data, as a target.</summary>
public static class OpenBanditTarget
{
    private const double Rounding = 1e-9;

    /// <summary>The uniform policy where every logged propensity is that of it; else the log's choices, averaged over its time.</summary>
    /// <remarks>
    /// The Bernoulli-Thompson policy moved on while it ran, and the file holds the propensity of what was shown only. The Open
    /// Bandit Pipeline takes a fixed stand-in: 100,000 simulated draws from the posterior at the start of the campaign. Ours is the
    /// share of each item at each position in the policy's own log: no prior is needed, and its value is that of the log's mean
    /// policy, which the log's mean reward is the truth of as far as tastes stand still; it is known to about 1/√rows.
    /// </remarks>
    /// <param name="own">The policy's own log.</param>
    /// <param name="positions">Positions of the log that it is to be judged on.</param>
    public static ITargetPolicy Of(BanditLog own, int positions)
        => own.Rounds.All(round => Math.Abs(round.Propensity * own.Actions.Count - 1) < Rounding)
            ? new UniformTarget()
            : FixedTarget.FromChoicesOf(own.Name, own, positions);
}
