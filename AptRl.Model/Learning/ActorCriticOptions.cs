namespace AptRl.Model.Learning;

/// <summary>How an actor-critic learns.</summary>
public sealed record ActorCriticOptions
{
    /// <summary>η: how far the policy moves at a publication, in log-preference for each feature of size 1. Default 0.3.</summary>
    public double Step { get; init; } = 0.3;

    /// <summary>How far the critic moves. Default 0.1.</summary>
    public double CriticStep { get; init; } = 0.1;

    /// <summary>c: π/β counts no more than this. Default 10, as a bound on what one rare item can do.</summary>
    public double WeightMax { get; init; } = 10;

    /// <summary>Rows after which old gradients are forgotten in the size of a step, so that it does not fall to nothing. Default 200,000.</summary>
    public double Memory { get; init; } = 200_000;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">One is not positive.</exception>
    public ActorCriticOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Step);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CriticStep);
        ArgumentOutOfRangeException.ThrowIfLessThan(WeightMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Memory, 1);
        return this;
    }
}
