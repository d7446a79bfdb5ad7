using AptRl.Model.Events;
using AptRl.Model.OffPolicy.Rewards;

namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Weighs logged slates, with models of what is still to come that have not seen the slates they speak of.</summary>
/// <remarks>
/// Q̂ₖ is fitted from the last position up, to rₖ + Σₐ π(a | a₁:ₖ) Q̂ₖ₊₁(a₁:ₖ, a): Kiyohara et al. 2022 (arXiv:2202.01562),
/// § 3.2. Differences: cross-fitted by clusters; of what stands above, a row holds the nearest item only.
/// </remarks>
public static class SlateFitting
{
    /// <summary>A choice that the log would make less than once in ten logs of its size is none that it supports.</summary>
    public const double SupportMin = 0.1;

    /// <summary>The weighed log.</summary>
    /// <param name="slates">The log; at least one.</param>
    /// <param name="logging">The policy that drew it, for what it never shows and for position-wise weights.</param>
    /// <param name="target">The policy to judge.</param>
    /// <param name="trainer">Fits the models; null for estimators that need none.</param>
    /// <param name="folds">K, at least 2.</param>
    /// <param name="seed">Deals the clusters, draws prefixes, and is the trainer's.</param>
    /// <param name="cancellation">Stops it.</param>
    public static WeighedLog<WeighedSlate> Weigh(
        IReadOnlyList<LoggedSlate> slates, ISlatePolicy logging, ISlatePolicy target, IRewardTrainer? trainer, int folds, ulong seed,
        CancellationToken cancellation)
    {
        var places = new WeighedPlace[slates.Count][];
        var (unsupported, positions) = (0.0, 0);
        for (var i = 0; i < places.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (places[i], var without) = Weigh(slates[i], logging, target, SupportMin / places.Length, new Chance(seed).Split((ulong)i));
            unsupported += without;
            positions += places[i].Length;
        }

        if (trainer is not null)
        {
            var foldOf = CrossFitting.Deal([.. slates.Select(slate => slate.Cluster)], folds, seed);
            for (var fold = 0; fold < folds; fold++)
            {
                Predict(slates, target, trainer, foldOf, fold, seed, places, cancellation);
            }
        }

        return new WeighedLog<WeighedSlate>(
            target.Name, [.. places.Select(place => new WeighedSlate(place))], [.. slates.Select(slate => slate.Cluster)], [.. places.Select(place => place[^1].Weight)],
            [.. slates.Select(slate => slate.Places.Sum(place => place.Reward))], unsupported / positions);
    }

    private static (WeighedPlace[] Places, double Unsupported) Weigh(LoggedSlate slate, ISlatePolicy logging, ISlatePolicy target, double supportMin, Chance chance)
    {
        var (atLogging, atTarget) = (PositionMarginals.Of(slate, logging, chance.Split("logging")), PositionMarginals.Of(slate, target, chance.Split("target")));
        var shown = new bool[slate.Candidates.Count];
        var (likely, wanted) = (new double[shown.Length], new double[shown.Length]);
        var (weight, unsupported) = (1.0, 0.0);
        var places = new WeighedPlace[slate.Places.Count];
        for (var position = 0; position < places.Length; position++)
        {
            var place = slate.Places[position];
            logging.FillNext(slate, shown, likely);
            target.FillNext(slate, shown, wanted);
            for (var candidate = 0; candidate < shown.Length; candidate++)
            {
                unsupported += likely[candidate] < supportMin ? wanted[candidate] : 0;
            }

            weight *= wanted[place.Candidate] / place.Propensity;
            places[position] = new WeighedPlace(place.Reward, weight, atTarget[position] / atLogging[position], 0, 0);
            shown[place.Candidate] = true;
        }

        return (places, unsupported);
    }

    private static void Predict(
        IReadOnlyList<LoggedSlate> slates, ISlatePolicy target, IRewardTrainer trainer, int[] foldOf, int fold, ulong seed, WeighedPlace[][] places,
        CancellationToken cancellation)
    {
        // What the target still earns below a position of each slate that is learned from.
        var below = new double[slates.Count];
        for (var position = slates.Max(slate => slate.Places.Count) - 1; position >= 0; position--)
        {
            cancellation.ThrowIfCancellationRequested();
            var examples = new List<RewardExample>();
            for (var i = 0; i < below.Length; i++)
            {
                if (foldOf[i] != fold && position < slates[i].Places.Count)
                {
                    var (place, features) = (slates[i].Places[position], new float[slates[i].FeatureWidth]);
                    slates[i].Describe(position, place.Candidate, features);
                    examples.Add(new RewardExample(features, (float)(place.Reward + below[i])));
                }
            }

            var model = examples.Count == 0 ? new ConstantRewardModel(0) : trainer.Fit(examples, seed);
            for (var i = 0; i < below.Length; i++)
            {
                if (position < slates[i].Places.Count)
                {
                    var (predicted, expected) = Expect(slates[i], position, target, model);
                    below[i] = expected;
                    if (foldOf[i] == fold)
                    {
                        places[i][position] = places[i][position] with { Predicted = predicted, Expected = expected };
                    }
                }
            }
        }
    }

    private static (double Predicted, double Expected) Expect(LoggedSlate slate, int position, ISlatePolicy target, IRewardModel model)
    {
        Span<bool> shown = stackalloc bool[slate.Candidates.Count];
        for (var above = 0; above < position; above++)
        {
            shown[slate.Places[above].Candidate] = true;
        }

        Span<double> wanted = stackalloc double[shown.Length];
        target.FillNext(slate, shown, wanted);
        var (predicted, expected) = (0.0, 0.0);
        Span<float> features = stackalloc float[slate.FeatureWidth];
        for (var candidate = 0; candidate < shown.Length; candidate++)
        {
            var isShown = candidate == slate.Places[position].Candidate;
            if (wanted[candidate] > 0 || isShown)
            {
                slate.Describe(position, candidate, features);
                var value = model.Predict(features);
                expected += wanted[candidate] * value;
                predicted = isShown ? value : predicted;
            }
        }

        return (predicted, expected);
    }
}
