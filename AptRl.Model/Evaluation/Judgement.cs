using System.Collections.Immutable;

namespace AptRl.Model.Evaluation;

/// <summary>How a recommender did on all questions.</summary>
/// <param name="Answers">One per question, in their order.</param>
/// <param name="Coverage">Share of the catalogue that was among the first <see cref="RankingJudge.ListLength"/> for any question.</param>
public sealed record Judgement(ImmutableArray<RankedAnswer> Answers, double Coverage);
