namespace AptRl.Model.OffPolicy.Rewards;

/// <summary>One row to learn rewards from.</summary>
/// <param name="Features">What describes context and action.</param>
/// <param name="Reward">What the action earned there.</param>
public readonly record struct RewardExample(float[] Features, float Reward);

/// <summary>Says what an action is expected to earn: q̂.</summary>
public interface IRewardModel
{
    /// <summary>Expected reward.</summary>
    /// <param name="features">A row, as in <see cref="RewardExample"/>.</param>
    double Predict(ReadOnlySpan<float> features);
}

/// <summary>Fits a reward model.</summary>
public interface IRewardTrainer
{
    /// <summary>Its name in reports and on the command line.</summary>
    string Name { get; }

    /// <summary>Fits it.</summary>
    /// <param name="examples">At least one row.</param>
    /// <param name="seed">Decides what is drawn.</param>
    IRewardModel Fit(IReadOnlyList<RewardExample> examples, ulong seed);
}
