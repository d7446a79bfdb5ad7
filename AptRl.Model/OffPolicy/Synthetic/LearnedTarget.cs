using AptRl.Model.OffPolicy.Rewards;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>A policy learned from a log by weighted classification, as the Open Bandit Pipeline's IPWLearner does.</summary>
/// <remarks>
/// Multinomial logistic regression (ML.NET, L-BFGS) of the action on the context, each round weighed by r/μ: Dudík, Langford
/// and Li 2011 (arXiv:1103.4601), § 5. The policy is softmax(p̂/τ) over the class probabilities p̂, not over their logits, with
/// τ = 1 as in the pipeline's example; as p̂ is within [0, 1] it is close to uniform.
/// </remarks>
public sealed class LearnedTarget : ITargetPolicy
{
    private readonly float[][] _weights;
    private readonly float[] _biases;
    private readonly double _temperature;

    private LearnedTarget(float[][] weights, float[] biases, double temperature) => (_weights, _biases, _temperature) = (weights, biases, temperature);

    /// <inheritdoc/>
    public string Name => "learned-from-log";

    /// <summary>Learns it.</summary>
    /// <param name="log">The log.</param>
    /// <param name="temperature">τ.</param>
    public static LearnedTarget Fit(BanditLog log, double temperature = 1)
    {
        var context = new MLContext(1);
        var rows = log.Rounds.Where(round => round.Reward > 0).Select(round => new RewardRow
        {
            Features = [.. round.Context],
            Action = (uint)round.Action + 1,
            Weight = (float)(round.Reward / round.Propensity),
        });
        var trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = nameof(RewardRow.Action),
            FeatureColumnName = nameof(RewardRow.Features),
            ExampleWeightColumnName = nameof(RewardRow.Weight),
            L1Regularization = 0,
            L2Regularization = (float)(1 / LogisticRewards.InverseRidge),
            NumberOfThreads = 1,
        });
        var model = trainer.Fit(RewardRow.Load(context, rows, log.Rounds[0].Context.Count, log.Actions.Count)).Model;
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights, out var classes);
        return new LearnedTarget([.. weights.Take(classes).Select(weight => weight.DenseValues().ToArray())], [.. model.GetBiases()], temperature);
    }

    /// <inheritdoc/>
    public void Fill(LoggedRound round, Span<double> probabilities)
    {
        for (var action = 0; action < probabilities.Length; action++)
        {
            var logit = _biases[action];
            for (var i = 0; i < round.Context.Count; i++)
            {
                logit += _weights[action][i] * round.Context[i];
            }

            probabilities[action] = logit;
        }

        Softmax(probabilities, 1);
        Softmax(probabilities, _temperature);
    }

    private static void Softmax(Span<double> numbers, double temperature)
    {
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var number in numbers)
        {
            max = Math.Max(max, number);
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            sum += numbers[i] = Math.Exp((numbers[i] - max) / temperature);
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] /= sum;
        }
    }
}
