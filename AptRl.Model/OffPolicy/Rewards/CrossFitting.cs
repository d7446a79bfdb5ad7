using AptRl.Model.Events;

namespace AptRl.Model.OffPolicy.Rewards;

/// <summary>Weighs a log with reward models that have not seen the rounds they speak of.</summary>
/// <remarks>
/// Clusters are dealt into K folds; a fold's rounds are predicted by the model of the other folds: Chernozhukov et al. 2018
/// (arXiv:1608.00060), for bandits Narita, Yasui and Yata 2020 (arXiv:2002.08536). Dealt by cluster, not by round, since one
/// user's rounds hang together.
/// </remarks>
public static class CrossFitting
{
    /// <summary>The weighed log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="target">The policy to judge.</param>
    /// <param name="trainer">Fits the reward models; null for estimators that need none, with every prediction 0.</param>
    /// <param name="folds">K, at least 2.</param>
    /// <param name="seed">Deals the clusters, and is the trainer's.</param>
    /// <param name="cancellation">Stops it.</param>
    public static WeighedLog<WeighedRound> Weigh(
        BanditLog log, ITargetPolicy target, IRewardTrainer? trainer, int folds, ulong seed, CancellationToken cancellation)
    {
        var foldOf = Deal([.. log.Rounds.Select(round => round.Cluster)], folds, seed);
        var weighed = new WeighedRound[log.Rounds.Count];
        var taken = new HashSet<(int Position, int Action)>(log.Rounds.Select(round => (round.Position, round.Action)));
        var probabilities = new double[log.Actions.Count];
        var unsupported = 0.0;
        for (var fold = 0; fold < folds; fold++)
        {
            cancellation.ThrowIfCancellationRequested();
            var model = trainer is null ? null : Fit(log, foldOf, fold, trainer, seed);
            for (var i = 0; i < weighed.Length; i++)
            {
                if (foldOf[i] == fold)
                {
                    target.Fill(log.Rounds[i], probabilities);
                    weighed[i] = Weigh(log, log.Rounds[i], probabilities, model);
                    for (var action = 0; action < probabilities.Length; action++)
                    {
                        unsupported += taken.Contains((log.Rounds[i].Position, action)) ? 0 : probabilities[action];
                    }
                }
            }
        }

        return new WeighedLog<WeighedRound>(
            target.Name, weighed, [.. log.Rounds.Select(round => round.Cluster)], [.. weighed.Select(round => round.Weight)],
            [.. log.Rounds.Select(round => round.Reward)], unsupported / weighed.Length);
    }

    /// <summary>Deals clusters into folds of nearly equal numbers of clusters.</summary>
    /// <returns>The fold of each round.</returns>
    internal static int[] Deal(ReadOnlySpan<int> clusters, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var chance = new Chance(seed).Split("folds");
        int[] order = [.. clusters.ToArray().Distinct().Order()];
        var keys = Array.ConvertAll(order, _ => chance.NextBits());
        Array.Sort(keys, order);
        var foldOf = order.Select((cluster, place) => (cluster, place)).ToDictionary(pair => pair.cluster, pair => pair.place % folds);
        return [.. clusters.ToArray().Select(cluster => foldOf[cluster])];
    }

    private static IRewardModel Fit(BanditLog log, int[] foldOf, int fold, IRewardTrainer trainer, ulong seed)
    {
        var examples = new List<RewardExample>();
        for (var i = 0; i < foldOf.Length; i++)
        {
            if (foldOf[i] != fold)
            {
                var features = new float[log.FeatureWidth];
                log.Describe(log.Rounds[i], log.Rounds[i].Action, features);
                examples.Add(new RewardExample(features, (float)log.Rounds[i].Reward));
            }
        }

        return examples.Count == 0
            ? throw new ArgumentException($"log '{log.Name}' has too few clusters to fit a reward model and judge it by others: log more users", nameof(log))
            : trainer.Fit(examples, seed);
    }

    private static WeighedRound Weigh(BanditLog log, LoggedRound round, double[] probabilities, IRewardModel? model)
    {
        var weight = probabilities[round.Action] / round.Propensity;
        if (model is null)
        {
            return new WeighedRound(weight, round.Reward, 0, 0);
        }

        var (predicted, expected) = (0.0, 0.0);
        Span<float> features = stackalloc float[log.FeatureWidth];
        for (var action = 0; action < probabilities.Length; action++)
        {
            if (probabilities[action] > 0 || action == round.Action)
            {
                log.Describe(round, action, features);
                var reward = model.Predict(features);
                expected += probabilities[action] * reward;
                predicted = action == round.Action ? reward : predicted;
            }
        }

        return new WeighedRound(weight, round.Reward, predicted, expected);
    }
}
