using AptRl.Model.Datasets;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Recommenders;

/// <summary>VMIS-kNN, the session-kNN that Serenade runs in production (Kersbergen, Sprangers and Schelter, SIGMOD 2022).</summary>
/// <remarks>
/// sim(s) = Σ (L - d)/U over shared items, d touches back in a session of L touches and U different items; the k most
/// similar of the m newest sessions; score(j) = Σ sim(s) · (1 - 0.1·d*) · log(S/S(j)), d* the newest shared item's place
/// from the end, counted from 1. Serenade takes the session's last item out of the answer; where shoppers come back to it
/// at once that costs much, so whether to is one of the settings. Differences: a weight 1 - 0.1·d* below 0 counts as 0.
/// </remarks>
public sealed class VmisKnnRecipe : IRecipe
{
    private static readonly (int Neighbours, int Newest, bool KeepsLast)[] Settings =
    [
        (500, 2_500, true),
        (100, 500, true),
        (1_500, 5_000, true),
        (500, 2_500, false),
    ];

    /// <inheritdoc/>
    public string Name => "vmis-knn";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = [.. Settings.Select(setting
        => $"k = {setting.Neighbours}, m = {setting.Newest}, last item {(setting.KeepsLast ? "kept" : "taken out")}")];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        var (neighbours, newest, keepsLast) = Settings[trial];
        var index = SessionIndexOf(training, newest, context.Cancellation);
        return new Recommender(index, neighbours, newest, keepsLast, training.Items.Length);
    }

    /// <summary>The index of a training part, each sequence a session.</summary>
    internal static SessionIndex SessionIndexOf(TrainingPart training, int sessionsPerItem, CancellationToken cancellation)
    {
        var index = new SessionIndex(new SessionIndexOptions { SessionsMax = Math.Max(1, training.Sequences.Count), SessionsPerItem = sessionsPerItem });
        foreach (var touches in training.Sequences)
        {
            cancellation.ThrowIfCancellationRequested();
            index.Add([.. touches.Select(touch => touch.Item)]);
        }

        return index;
    }

    private sealed class Recommender(SessionIndex index, int neighbours, int newest, bool keepsLast, int items) : SessionRecommender(items)
    {
        private readonly NeighbourSearch _search = new(index);
        private readonly Tally _back = new();

        protected override void Score(ReadOnlySpan<int> history, long seconds, Span<float> scores)
        {
            Match(history);
            foreach (var session in _search.Nearest(neighbours))
            {
                var sessionItems = index.ItemsOf(session.Number);
                var back = float.PositiveInfinity;
                foreach (var item in sessionItems)
                {
                    back = _back[item] > 0 ? Math.Min(back, _back[item]) : back;
                }

                var weight = session.Similarity * (1 - 0.1f * back);
                for (var at = 0; weight > 0 && at < sessionItems.Length; at++)
                {
                    var item = sessionItems[at];
                    if (!sessionItems[..at].Contains(item))
                    {
                        var score = weight * MathF.Log((float)index.Count / index.SessionsWith(item));
                        scores[item] = float.IsNegativeInfinity(scores[item]) ? score : scores[item] + score;
                    }
                }
            }

            if (!keepsLast && !history.IsEmpty && history[^1] >= 0)
            {
                scores[history[^1]] = float.NegativeInfinity;
            }
        }

        private void Match(ReadOnlySpan<int> history)
        {
            _search.Clear();
            _back.Clear();
            _back.Reserve(Math.Max(Items, index.ItemsEnd));
            var distinct = 0;
            for (var at = history.Length - 1; at >= 0; at--)
            {
                if (history[at] >= 0 && _back[history[at]] == 0)
                {
                    _back.Add(history[at], history.Length - at);
                    distinct++;
                }
            }

            foreach (var item in _back.Indices)
            {
                _search.Match(item, (history.Length - _back[item] + 1) / distinct, newest);
            }

            _search.Sum();
            _search.KeepNewest(newest);
        }
    }
}
