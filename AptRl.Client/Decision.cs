namespace AptRl.Client;

/// <summary>A decision as the journal has it: what it was made from, and what came of it.</summary>
/// <param name="RecommendationId">Its name.</param>
/// <param name="User">For whom.</param>
/// <param name="Scenario">Where in the shop.</param>
/// <param name="RequestId">The request that it answered.</param>
/// <param name="Time">Event time of the request.</param>
/// <param name="SeenThrough">Event time of the newest event that the state knew; null for a user without history.</param>
/// <param name="Policy">What decided.</param>
/// <param name="PolicyVersion">How often the policy had been published.</param>
/// <param name="ModelVersion">The encoder that made the user's state.</param>
/// <param name="Items">What was shown, in order.</param>
/// <param name="Filtered">How many candidates each filter removed.</param>
/// <param name="Explanation">What it was drawn from.</param>
/// <param name="Rewards">What it earned so far.</param>
/// <param name="PropensitiesEstimated">True where the propensities estimate what has no closed form; null where they are exact.</param>
public sealed record Decision(
    string RecommendationId,
    string User,
    string Scenario,
    string RequestId,
    DateTimeOffset Time,
    DateTimeOffset? SeenThrough,
    string Policy,
    long PolicyVersion,
    string ModelVersion,
    IReadOnlyList<SlateItem> Items,
    IReadOnlyList<FilteredItems> Filtered,
    Explanation? Explanation = null,
    IReadOnlyList<EarnedReward>? Rewards = null,
    bool? PropensitiesEstimated = null);

/// <summary>A reward that a decision earned.</summary>
/// <param name="ItemId">By which item.</param>
/// <param name="Position">Its position, from 0.</param>
/// <param name="Type"><c>click</c>, <c>cart</c>, <c>purchase</c>, <c>dismiss</c> or <c>leave</c>.</param>
/// <param name="EventId">The event that earned it.</param>
/// <param name="Amount">+1, or -1 where it was taken back.</param>
public sealed record EarnedReward(string ItemId, int Position, string Type, string EventId, int Amount);
