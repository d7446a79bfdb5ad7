namespace AptRl.Model.Evaluation;

/// <summary>The metrics of a report, with one target per question.</summary>
/// <remarks>
/// With r the place of the target and 1[·] one where it holds and zero where not, for K of 5, 10 and 20:
/// <c>hr@K</c> = 1[r ≤ K], which with one target is Recall@K; <c>precision@K</c> the same number, as the literature on
/// session data has it (P@20 of SR-GNN and its successors is the hit rate); <c>precision_strict@K</c> = 1[r ≤ K] / K, the
/// share of the list that is right; <c>ndcg@K</c> = 1[r ≤ K] / log₂(r + 1); <c>mrr@K</c> = 1[r ≤ K] / r.
/// Behind the name: <c>.filtered</c> with the items of the history taken out of the ranking; <c>.repeat</c> over the
/// questions whose target is in the history, <c>.novel</c> over the others. <c>popularity@20</c> is the mean percentile of
/// popularity of what is listed (0.5 is no bias), <c>coverage@20</c> the share of the catalogue that is ever listed.
/// </remarks>
public static class RankingMetrics
{
    /// <summary>Name of the metric that settings are chosen by.</summary>
    public const string Selection = "mrr@20";

    /// <summary>Name of the share of the catalogue that is ever listed, which is no mean over questions.</summary>
    public const string Coverage = "coverage@20";

    private static readonly int[] Lengths = [5, 10, 20];

    private static readonly (string Name, Func<int, int, double> Of)[] ByRank =
    [
        ("hr", (_, _) => 1),
        ("precision", (_, _) => 1),
        ("precision_strict", (_, length) => 1.0 / length),
        ("ndcg", (rank, _) => 1 / Math.Log2(rank + 1.0)),
        ("mrr", (rank, _) => 1.0 / rank),
    ];

    /// <summary>What questions a metric is the mean over.</summary>
    internal enum Over
    {
        All,
        Repeats,
        Novel,
    }

    /// <summary>Every metric that is a mean over questions.</summary>
    /// <param name="filtered">Whether the ranking without seen items is wanted too.</param>
    internal static IReadOnlyList<(string Name, Over Over, Func<RankedAnswer, double> Value)> All(bool filtered) =>
    [
        .. Lengths.SelectMany(length => ByRank.Select(metric => Of(metric, length, "", Over.All, answer => answer.Rank))),
        .. Lengths.SelectMany(length => filtered ? ByRank.Select(metric => Of(metric, length, ".filtered", Over.All, answer => answer.FilteredRank)) : []),
        .. Lengths.SelectMany(length => ByRank.Where(metric => metric.Name is "hr" or "mrr").SelectMany(metric => new[]
        {
            Of(metric, length, ".repeat", Over.Repeats, answer => answer.Rank),
            Of(metric, length, ".novel", Over.Novel, answer => answer.Rank),
        })),
        ("popularity@20", Over.All, answer => answer.Popularity),
    ];

    private static (string, Over, Func<RankedAnswer, double>) Of(
        (string Name, Func<int, int, double> Of) metric, int length, string variant, Over over, Func<RankedAnswer, int> rankOf)
        => ($"{metric.Name}@{length}{variant}", over, answer => rankOf(answer) is var rank && rank <= length ? metric.Of(rank, length) : 0);
}
