using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>Items that stand in the same sequences as those of the history: item-to-item collaborative filtering.</summary>
/// <remarks>
/// Item-KNN of Hidasi et al. 2016 (arXiv:1511.06939, section 4): the cosine between the items' columns of sequences,
/// sim(i, j) = n(i, j)/√((n(i) + λ)(n(j) + λ)), with λ against chance encounters of rare items (their 20), and the 100
/// nearest kept. Differences: an item counts once in a sequence; a sequence counts with its newest 100 different items;
/// where more than the last item is asked, the similarities are summed with weights that shrink from item to item, and
/// an item is as similar to itself as the formula says, n(i)/(n(i) + λ), so that a repeat can be recommended.
/// </remarks>
public sealed class ItemKnn : IRecipe
{
    private const int Neighbours = 100;
    private const int HistoryMax = 20;

    // Kept: what the next older item counts of the one before; 0 asks the last item alone.
    private static readonly (double Lambda, double Kept)[] Settings = [(20, .7), (20, 0), (5, .7), (5, .4)];

    /// <inheritdoc/>
    public string Name => "item-knn";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => FormattableString.Invariant($"λ = {s.Lambda}, {(s.Kept == 0 ? "the last item" : $"the history, each item counts {s.Kept} of the next")}"))];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (lambda, kept) = Settings[trial];
        var incidence = new Incidence(training);
        var nearest = new (int Item, float Similarity)[training.Items.Length][];
        var parallel = new ParallelOptions { CancellationToken = context.Cancellation };
        Parallel.For(0, nearest.Length, parallel, () => new int[nearest.Length], (item, _, scratch) =>
        {
            nearest[item] = Nearest(incidence, item, lambda, scratch);
            return scratch;
        }, _ => { });

        return new EvidenceRecommender(PopularityFloor.AllTime(training), (history, evidence) =>
        {
            var weight = 1f;
            foreach (var item in RecentItems.Of(history, kept == 0 ? 1 : HistoryMax))
            {
                if (kept > 0 && incidence.SequencesOf[item].Length is > 0 and var own)
                {
                    evidence[item] += (float)(weight * own / (own + lambda));
                }

                foreach (var (other, similarity) in nearest[item])
                {
                    evidence[other] += weight * similarity;
                }

                weight *= (float)kept;
            }
        });
    }

    private static (int, float)[] Nearest(Incidence incidence, int item, double lambda, int[] scratch)
    {
        var own = incidence.SequencesOf[item].Length + lambda;
        return [.. incidence.Companions(item, scratch)
            .Select(other => (other.Item, Similarity: (float)(other.Count / Math.Sqrt(own * (incidence.SequencesOf[other.Item].Length + lambda)))))
            .OrderByDescending(other => other.Similarity).Take(Neighbours)];
    }
}
