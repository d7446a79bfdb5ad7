using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptRl.Host.Http.Contracts;

/// <summary>Asks for a slate from the scenario's own candidates.</summary>
/// <param name="User">For whom; required.</param>
/// <param name="Scenario">Where in the shop; the first configured scenario where it is missing.</param>
/// <param name="N">Items wanted; 10 where it is missing.</param>
/// <param name="Context">Free context of the page view. It is taken so that callers may send it; no policy reads it yet.</param>
/// <param name="Category">Show only items of this category.</param>
/// <param name="Exclude">Items not to show.</param>
/// <param name="Explain">Whether to add the explanation to the answer.</param>
/// <param name="RequestId">The caller's id: sent again, it gets the same decision. Without it every request is a new one.</param>
/// <param name="Time">Event time of the request; now where it is missing.</param>
internal sealed record RecommendBody(
    string? User = null,
    string? Scenario = null,
    int? N = null,
    JsonElement? Context = null,
    string? Category = null,
    IReadOnlyList<string>? Exclude = null,
    bool Explain = false,
    string? RequestId = null,
    DateTimeOffset? Time = null)
{
    /// <summary>The same request, with no candidates of the caller's.</summary>
    public RankBody AsRank() => new(User, Scenario, N, Context, Category, null, Exclude, Explain, RequestId, Time);
}

/// <summary>Asks for a slate from the caller's candidates.</summary>
/// <param name="Candidates">What may be shown; required.</param>
internal sealed record RankBody(
    string? User = null,
    string? Scenario = null,
    int? N = null,
    JsonElement? Context = null,
    string? Category = null,
    IReadOnlyList<string>? Candidates = null,
    IReadOnlyList<string>? Exclude = null,
    bool Explain = false,
    string? RequestId = null,
    DateTimeOffset? Time = null);

/// <summary>A slate, and what names the decision behind it.</summary>
/// <param name="SeenThrough">Event time of the newest event that the state knew; null for a user without history.</param>
/// <param name="PropensitiesEstimated">True where the propensities estimate what has no closed form (Thompson sampling); absent where they are exact.</param>
/// <param name="PolicyAgeMilliseconds">How long before the decision its node last knew itself level with the policy's writer; absent outside of a cluster.</param>
internal sealed record RecommendAnswer(
    string RecommendationId,
    string ModelVersion,
    long PolicyVersion,
    string Policy,
    IReadOnlyList<SlateItem> Items,
    IReadOnlyList<FilteredCount> Filtered,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? SeenThrough,
    Explanation? Explanation = null,
    bool? PropensitiesEstimated = null,
    double? PolicyAgeMilliseconds = null);

/// <summary>One item of a slate.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Score">The policy's value of it, in units of reward.</param>
/// <param name="Propensity">Probability, in (0, 1], with which it was drawn at its position given those above it.</param>
/// <param name="Explored">Whether it stands where the policy without exploration would not have put it.</param>
internal sealed record SlateItem(string ItemId, int Position, float Score, double Propensity, bool Explored);

/// <summary>How many candidates a filter removed.</summary>
/// <param name="Items">The first of them, at most 8, in order of discovery; only where an explanation is given, and in decisions made since they are kept.</param>
internal sealed record FilteredCount(string Filter, int Count, IReadOnlyList<string>? Items = null);

/// <summary>What the draw was made from: with it the decision can be drawn again.</summary>
/// <param name="Gamma">Parameter of the rule of exploration; null where the policy was greedy (infinite).</param>
/// <param name="RandomKey">Key of the counter-based generator, 16 hexadecimal digits.</param>
/// <param name="Candidates">What could have been shown.</param>
/// <param name="Exploration">The rule of exploration: <c>inverse-gap</c>, <c>softmax</c>, <c>thompson</c>, <c>linucb</c> or <c>epsilon-greedy</c>.</param>
/// <param name="Floor">Least probability of each candidate at its stage.</param>
/// <param name="Cap">Most probability of not showing the best that is left.</param>
/// <param name="Orders">Of each draw of the posterior the candidates (from 0) that it puts first, as many as the slate has; Thompson sampling only.</param>
/// <param name="CategoryMax">Items of one category in the slate at most, where that was bounded.</param>
/// <param name="Groups">Category of each candidate as a number from 1, 0 for none, where that was bounded.</param>
internal sealed record Explanation(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Gamma,
    string RandomKey,
    IReadOnlyList<ScoredCandidate> Candidates,
    string Exploration,
    double Floor,
    double Cap,
    IReadOnlyList<int>? Orders = null,
    int? CategoryMax = null,
    IReadOnlyList<int>? Groups = null);

/// <summary>A candidate and the score it was drawn by.</summary>
internal sealed record ScoredCandidate(string ItemId, float Score);

/// <summary>A decision with all that explains it and what came of it.</summary>
/// <param name="Explanation">Absent in the stream, where it would be most of the bytes.</param>
/// <param name="Rewards">Absent in the stream and in an export, which has the events that earned them.</param>
/// <param name="PropensitiesEstimated">As in the answer.</param>
/// <param name="PolicyAgeMilliseconds">As in the answer.</param>
internal sealed record RecommendationAudit(
    string RecommendationId,
    string User,
    string Scenario,
    string RequestId,
    DateTimeOffset Time,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? SeenThrough,
    string Policy,
    long PolicyVersion,
    string ModelVersion,
    IReadOnlyList<SlateItem> Items,
    IReadOnlyList<FilteredCount> Filtered,
    Explanation? Explanation = null,
    IReadOnlyList<RewardFact>? Rewards = null,
    bool? PropensitiesEstimated = null,
    double? PolicyAgeMilliseconds = null);

/// <summary>A reward that a decision earned.</summary>
/// <param name="Type"><c>click</c>, <c>cart</c>, <c>purchase</c>, <c>dismiss</c> or <c>leave</c>.</param>
/// <param name="EventId">The event that earned it.</param>
/// <param name="Amount">+1, or -1 where it was taken back.</param>
internal sealed record RewardFact(string ItemId, int Position, string Type, string EventId, int Amount);

/// <summary>What the user did about a recommendation.</summary>
/// <param name="Type">An event type that names an item, such as <c>select_item</c>, <c>add_to_cart</c>, <c>purchase</c> or <c>dismiss</c>; required.</param>
/// <param name="ItemId">To which item of the slate; this or the position.</param>
/// <param name="Position">To which position of the slate, from 0.</param>
/// <param name="Value">Money of a purchase.</param>
/// <param name="Time">When; now where it is missing.</param>
/// <param name="Id">Event id. Where it is missing, one is derived from recommendation, type and item, so that a retry counts once.</param>
internal sealed record RewardBody(
    string? Type = null, string? ItemId = null, int? Position = null, double? Value = null, DateTimeOffset? Time = null, string? Id = null);
