namespace AptRl.Model.Learning;

/// <summary>How a deep Q-network learns.</summary>
public sealed record DeepQOptions
{
    /// <summary>Hidden units. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Slates remembered to learn from again and again; beyond it the oldest decision is forgotten. Default 10,000: 7 MB with slates of 6.</summary>
    public int SlatesMax { get; init; } = 10_000;

    /// <summary>Slates of one step. Default 32.</summary>
    public int BatchSlates { get; init; } = 32;

    /// <summary>One step of learning for so many items shown. Default 32.</summary>
    public int RowsPerStep { get; init; } = 32;

    /// <summary>Steps of one publication; what is owed beyond it is made up at the next. Default 64.</summary>
    public int StepsMax { get; init; } = 64;

    /// <summary>η: the step size of Adam. Default 0.0003.</summary>
    public double Step { get; init; } = 0.0003;

    /// <summary>Steps after which the judge of the targets becomes what the learner is. Default 200.</summary>
    public int TargetEvery { get; init; } = 200;

    /// <summary>Key of the first weights and of what is drawn from memory. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">One is not positive.</exception>
    public DeepQOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SlatesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSlates);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RowsPerStep);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StepsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Step);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TargetEvery);
        return this;
    }
}
