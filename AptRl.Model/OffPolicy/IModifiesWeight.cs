namespace AptRl.Model.OffPolicy;

/// <summary>An estimator that takes a little bias for less variance by making large weights smaller.</summary>
public interface IModifiesWeight : IEstimator<WeighedRound>
{
    /// <summary>ŵ, the weight in place of w.</summary>
    double Modified(double weight);

    /// <summary>What a round adds to the mean that is the estimate.</summary>
    double Contribution(in WeighedRound round);

    /// <summary>What the weight multiplies: the reward, or the surprise where there is a model.</summary>
    double Outcome(in WeighedRound round);
}
