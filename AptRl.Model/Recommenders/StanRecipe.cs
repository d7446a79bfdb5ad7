using AptRl.Model.Datasets;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Recommenders;

/// <summary>STAN: a session-kNN that knows order and age (Garg, Gupta, Malhotra, Vig and Shroff, SIGIR 2019).</summary>
/// <remarks>
/// sim(s) = Σ e^(-d/λ₁) over shared items, d touches back, by the root of the neighbour's different items, times
/// e^(-age/λ₂); the k most similar; score(j) = Σ sim(s) · e^(-|p(j) - p*|/λ₃) with p* the neighbour's last touch of a
/// shared item and p(j) its last touch of j. Items of the session itself stay in the answer. Differences: λ₂ is a share of
/// the time that the training part spans, so that it means the same on every clock.
/// </remarks>
public sealed class StanRecipe : IRecipe
{
    private static readonly (int Neighbours, int PerItem, double Query, double Age, double Step)[] Settings =
    [
        (500, 2_500, 2, 1, 2),
        (500, 2_500, 1.5, 3, 1.5),
        (500, 2_500, 2, 3, 2),
        (1_000, 5_000, 3.54, 1, 3.54),
    ];

    /// <inheritdoc/>
    public string Name => "stan";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = [.. Settings.Select(setting => FormattableString.Invariant(
        $"k = {setting.Neighbours}, m = {setting.PerItem}, λ₁ = {setting.Query}, λ₂ = {setting.Age} of the span, λ₃ = {setting.Step}"))];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        var index = VmisKnnRecipe.SessionIndexOf(training, Settings[trial].PerItem, context.Cancellation);
        long[] ends = [.. training.Sequences.Select(touches => touches[^1].Seconds)];
        var span = ends.Length == 0 ? 1 : Math.Max(1, ends[^1] - training.Sequences[0][0].Seconds);
        return new Recommender(index, ends, span, Settings[trial], training.Items.Length);
    }

    private sealed class Recommender(
        SessionIndex index, long[] ends, long span, (int Neighbours, int PerItem, double Query, double Age, double Step) setting, int items)
        : SessionRecommender(items)
    {
        private readonly NeighbourSearch _search = new(index);
        private readonly Tally _query = new();

        protected override void Score(ReadOnlySpan<int> history, long seconds, Span<float> scores)
        {
            Match(history, seconds);
            foreach (var session in _search.Nearest(setting.Neighbours))
            {
                var sessionItems = index.ItemsOf(session.Number);
                var shared = sessionItems.Length - 1;
                while (_query[sessionItems[shared]] == 0)
                {
                    shared--;
                }

                for (var at = 0; at < sessionItems.Length; at++)
                {
                    var item = sessionItems[at];
                    if (!sessionItems[(at + 1)..].Contains(item))
                    {
                        var score = session.Similarity * (float)Math.Exp(-Math.Abs(at - shared) / setting.Step);
                        scores[item] = float.IsNegativeInfinity(scores[item]) ? score : scores[item] + score;
                    }
                }
            }
        }

        private void Match(ReadOnlySpan<int> history, long seconds)
        {
            _search.Clear();
            _query.Clear();
            _query.Reserve(Math.Max(Items, index.ItemsEnd));
            for (var at = history.Length - 1; at >= 0; at--)
            {
                var weight = (float)Math.Exp((at - history.Length + 1) / setting.Query);
                if (history[at] >= 0 && weight > 0 && _query[history[at]] == 0)
                {
                    _query.Add(history[at], weight);
                    _search.Match(history[at], weight, setting.PerItem);
                }
            }

            foreach (ref var session in _search.Sum())
            {
                var age = Math.Max(0, seconds - ends[session.Number]) / (setting.Age * span);
                session = session with { Similarity = (float)(session.Similarity / Math.Sqrt(index.DistinctOf(session.Number)) * Math.Exp(-age)) };
            }
        }
    }
}
