using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>The metrics of a report, with one target per question.</summary>
/// <remarks>
/// With r the place of the target and 1[·] one where it holds and zero where not, for K of 5, 10 and 20:
/// <c>hr@K</c> = 1[r ≤ K], which with one target is Recall@K; <c>precision@K</c> the same number, as the literature on
/// session data has it (P@20 of SR-GNN and its successors is the hit rate); <c>precision_strict@K</c> = 1[r ≤ K] / K, the
/// share of the list that is right; <c>ndcg@K</c> = 1[r ≤ K] / log₂(r + 1); <c>mrr@K</c> = 1[r ≤ K] / r.
/// Behind the name: <c>.filtered</c> with the items of the history taken out of the ranking; <c>.repeat</c> over the
/// questions whose target is in the history, <c>.novel</c> over the others; where the data tell kinds, <c>.view</c>,
/// <c>.cart</c> and <c>.purchase</c> over what was viewed, put in the cart and bought, each also with <c>.repeat</c> and
/// <c>.novel</c>, for hr, ndcg and mrr at 20. <c>popularity@20</c> is the mean percentile of
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

    /// <summary>What questions a metric is the mean over: what follows its name, and which answers count.</summary>
    internal static readonly (string Name, Func<RankedAnswer, bool> Has)[] Groups =
    [
        ("", _ => true),
        (".repeat", answer => answer.IsRepeat),
        (".novel", answer => !answer.IsRepeat),
        .. from kind in new[] { (".view", InteractionKind.ViewItem), (".cart", InteractionKind.AddToCart), (".purchase", InteractionKind.Purchase) }
           from novelty in new (string Name, Func<RankedAnswer, bool> Has)[] { ("", _ => true), (".repeat", answer => answer.IsRepeat), (".novel", answer => !answer.IsRepeat) }
           select ($"{kind.Item1}{novelty.Name}", (Func<RankedAnswer, bool>)(answer => answer.Kind == (byte)kind.Item2 && novelty.Has(answer))),
    ];

    private const int All = 0;
    private const int Repeats = 1;
    private const int Novel = 2;
    private const int FirstOfKind = 3;
    private const int LengthOfKind = 20;

    /// <summary>Every metric that is a mean over questions.</summary>
    /// <param name="filtered">Whether the ranking without seen items is wanted too.</param>
    /// <param name="kinds">Whether the data tell what kind of touch came next.</param>
    internal static IReadOnlyList<(string Name, int Group, Func<RankedAnswer, double> Value)> Means(bool filtered, bool kinds) =>
    [
        .. Lengths.SelectMany(length => ByRank.Select(metric => Of(metric, length, All, answer => answer.Rank))),
        .. Lengths.SelectMany(length => filtered ? ByRank.Select(metric => Of(metric, length, All, answer => answer.FilteredRank, ".filtered")) : []),
        .. Lengths.SelectMany(length => ByRank.Where(metric => metric.Name is "hr" or "mrr").SelectMany(metric => new[]
        {
            Of(metric, length, Repeats, answer => answer.Rank),
            Of(metric, length, Novel, answer => answer.Rank),
        })),
        .. ByRank.Where(metric => kinds && (metric.Name is "hr" or "ndcg" or "mrr")).SelectMany(
            metric => Enumerable.Range(FirstOfKind, Groups.Length - FirstOfKind).Select(group => Of(metric, LengthOfKind, group, answer => answer.Rank))),
        ("popularity@20", All, answer => answer.Popularity),
    ];

    private static (string, int, Func<RankedAnswer, double>) Of(
        (string Name, Func<int, int, double> Of) metric, int length, int group, Func<RankedAnswer, int> rankOf, string variant = "")
        => ($"{metric.Name}@{length}{variant}{Groups[group].Name}", group, answer => rankOf(answer) is var rank && rank <= length ? metric.Of(rank, length) : 0);
}
