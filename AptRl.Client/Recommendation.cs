namespace AptRl.Client;

/// <summary>A slate, and what names the decision behind it.</summary>
/// <param name="RecommendationId">Names the decision: send it with what came of the slate.</param>
/// <param name="ModelVersion">The encoder that made the user's state.</param>
/// <param name="PolicyVersion">How often the policy had been published.</param>
/// <param name="Policy">What decided: <c>learned</c>, or a holdout's fixed rule.</param>
/// <param name="Items">What to show, in order.</param>
/// <param name="Filtered">How many candidates each filter removed.</param>
/// <param name="SeenThrough">Event time of the newest event that the state knew; null for a user without history.</param>
/// <param name="Explanation">What it was drawn from, where that was asked for.</param>
/// <param name="PropensitiesEstimated">True where the propensities estimate what has no closed form; null where they are exact.</param>
public sealed record Recommendation(
    string RecommendationId,
    string ModelVersion,
    long PolicyVersion,
    string Policy,
    IReadOnlyList<SlateItem> Items,
    IReadOnlyList<FilteredItems> Filtered,
    DateTimeOffset? SeenThrough,
    Explanation? Explanation = null,
    bool? PropensitiesEstimated = null);

/// <summary>One item of a slate.</summary>
/// <param name="ItemId">The shop's id.</param>
/// <param name="Position">From 0.</param>
/// <param name="Score">The policy's value of it, in units of reward.</param>
/// <param name="Propensity">Probability, in (0, 1], with which it was drawn at its position given those above it.</param>
/// <param name="Explored">Whether it stands where the policy without exploration would not have put it.</param>
public sealed record SlateItem(string ItemId, int Position, float Score, double Propensity, bool Explored);

/// <summary>What a filter removed.</summary>
/// <param name="Filter">Its name.</param>
/// <param name="Count">How many candidates.</param>
/// <param name="Items">The first of them, at most 8; only where an explanation is given.</param>
public sealed record FilteredItems(string Filter, int Count, IReadOnlyList<string>? Items = null);

/// <summary>What a slate was drawn from: with it the decision can be drawn again.</summary>
/// <param name="Gamma">Parameter of the rule of exploration; null where the policy was greedy.</param>
/// <param name="RandomKey">Key of the counter-based generator, 16 hexadecimal digits.</param>
/// <param name="Candidates">What could have been shown.</param>
/// <param name="Exploration">The rule of exploration.</param>
/// <param name="Floor">Least probability of each candidate at its stage.</param>
/// <param name="Cap">Most probability of not showing the best that is left.</param>
/// <param name="Orders">Draws of the posterior; Thompson sampling only.</param>
/// <param name="CategoryMax">Items of one category at most, where that was bounded.</param>
/// <param name="Groups">Category of each candidate as a number from 1, 0 for none, where that was bounded.</param>
public sealed record Explanation(
    double? Gamma,
    string RandomKey,
    IReadOnlyList<ScoredCandidate> Candidates,
    string Exploration,
    double Floor,
    double Cap,
    IReadOnlyList<int>? Orders = null,
    int? CategoryMax = null,
    IReadOnlyList<int>? Groups = null);

/// <summary>A candidate and the score it was drawn by.</summary>
/// <param name="ItemId">The shop's id.</param>
/// <param name="Score">In units of reward.</param>
public sealed record ScoredCandidate(string ItemId, float Score);
