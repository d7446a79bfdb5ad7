using AptRl.Model.Learning;

namespace AptRl.Model.Heads;

/// <summary>What is learned beside the next item, and how: the offline heads and their controls differ in this alone.</summary>
internal sealed record ValueOptions
{
    /// <summary>What the heads are taught. Default the return.</summary>
    internal ValueTarget Target { get; init; } = ValueTarget.Return;

    /// <summary>γ, how much the next state counts in the return. Default 0.5 (Xin et al. 2020), in [0, 1).</summary>
    internal double Discount { get; init; } = .5;

    /// <summary>How much the cross-entropy of the next item counts. Default 1; 0 leaves it out.</summary>
    internal double SupervisedWeight { get; init; } = 1;

    /// <summary>How much the heads' loss counts. Default 1 (Xin et al. 2020).</summary>
    internal double ValueWeight { get; init; } = 1;

    /// <summary>Whether the heads' loss moves the encoder and the item vectors too. Default true.</summary>
    internal bool IsJoint { get; init; } = true;

    /// <summary>Items drawn evenly for each state, as actions that earned nothing. Default 0.</summary>
    internal int NegativeActions { get; init; }

    /// <summary>Whether the cross-entropy of an action counts by its advantage. Default false.</summary>
    internal bool WeighsByAdvantage { get; init; }

    /// <summary>Whether the cross-entropy of an action counts by its reward: a control that knows rewards and no future. Default false.</summary>
    internal bool WeighsByReward { get; init; }

    /// <summary>α of the conservative penalty. Default 0.</summary>
    internal double Conservatism { get; init; }

    /// <summary>Whether each user's rewards are dealt out anew among the user's touches: a control without their meaning. Default false.</summary>
    internal bool ShufflesRewards { get; init; }

    /// <summary>What each kind of reward is worth, by <see cref="RewardType"/>. Default that of the online learner: view 0.2, cart 0.5, purchase 1.</summary>
    internal IReadOnlyList<double> RewardWeights { get; init; } = new LearnerOptions().RewardWeights;

    /// <summary>The same numbers, the same words.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Target} {Discount} {SupervisedWeight} {ValueWeight} {IsJoint} {NegativeActions} {WeighsByAdvantage} {WeighsByReward} {Conservatism} {ShufflesRewards} {string.Join(' ', RewardWeights)}");
}
