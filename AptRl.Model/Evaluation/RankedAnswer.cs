namespace AptRl.Model.Evaluation;

/// <summary>How a recommender did on one question.</summary>
/// <param name="Rank">Place of the target in the whole catalogue, from 1; <see cref="Miss"/> where it has none.</param>
/// <param name="FilteredRank">The same with the items of the history taken out; a target among them is a miss.</param>
/// <param name="IsRepeat">Whether the target is an item of the history.</param>
/// <param name="Popularity">How popular the first <see cref="RankingJudge.ListLength"/> items were: their mean percentile in the training part, in [0, 1]; 0.5 where it listed nothing.</param>
/// <param name="Cluster">The question's cluster.</param>
/// <param name="Kind">The number of the interaction kind that came next; 0 where the data tell no kinds.</param>
public readonly record struct RankedAnswer(int Rank, int FilteredRank, bool IsRepeat, double Popularity, int Cluster, byte Kind = 0)
{
    /// <summary>The place of a target that the recommender can never show.</summary>
    public const int Miss = int.MaxValue;
}
