using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>What came next after the item that was touched last.</summary>
/// <remarks>
/// First-order Markov chain: P(j | i) = n(i, j)/n(i), n the number of times that j followed i at once. Where several last
/// touches are listened to, the chain is mixed over lags with one matrix for all (mixture transition distribution, Raftery
/// 1985): Σ_g λ^g P(j | the item g touches ago). With a prior the probability is shrunk, n(i, j)/(n(i) + prior), so that
/// a rare item says less than a well-known one; items without a transition follow by popularity.
/// </remarks>
public sealed class Markov : IRecipe
{
    private static readonly (int Lags, double Kept, double Prior)[] Settings =
        [(5, .5, 5), (1, 0, 0), (5, .7, 2), (5, .5, 0)];

    /// <inheritdoc/>
    public string Name => "markov";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => s.Lags == 1 ? "last item" : FormattableString.Invariant($"last {s.Lags} touches, each counts {s.Kept} of the next, prior {s.Prior}"))];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        var (lags, kept, prior) = Settings[trial];
        var followers = Followers(training);
        double[] totals = [.. followers.Select(row => row.Sum(follower => (double)follower.Count))];
        return new EvidenceRecommender(PopularityFloor.AllTime(training), (history, evidence) =>
        {
            var weight = 1.0;
            for (var at = history.Length - 1; at >= Math.Max(0, history.Length - lags); at--, weight *= kept)
            {
                if (history[at].Item is >= 0 and var item)
                {
                    foreach (var (next, count) in followers[item])
                    {
                        evidence[next] += (float)(weight * count / (totals[item] + prior));
                    }
                }
            }
        });
    }

    private static (int Item, int Count)[][] Followers(TrainingPart training)
    {
        var pairs = new List<(int Item, int Next)>();
        foreach (var touches in training.Sequences)
        {
            for (var at = 1; at < touches.Length; at++)
            {
                if (touches[at - 1].Item >= 0 && touches[at] is { Item: >= 0, IsWanted: true })
                {
                    pairs.Add((touches[at - 1].Item, touches[at].Item));
                }
            }
        }

        var followers = new (int, int)[training.Items.Length][];
        Array.Fill(followers, []);
        foreach (var row in pairs.GroupBy(pair => pair.Item, pair => pair.Next))
        {
            followers[row.Key] = [.. row.CountBy(next => next).Select(next => (next.Key, next.Value))];
        }

        return followers;
    }
}
