namespace AptRl.Host.Http.Contracts;

/// <summary>The places in the shop that are configured.</summary>
internal sealed record ScenariosAnswer(IReadOnlyList<ScenarioBody> Scenarios);

/// <summary>A scenario and what it has learned.</summary>
/// <param name="Kind"><c>items</c> or <c>arms</c>.</param>
/// <param name="CountMax">Longest slate.</param>
/// <param name="Decisions">Decisions the learner has taken in.</param>
/// <param name="Rewards">Rewards the learner has taken in.</param>
/// <param name="Lessons">Updates of the policy: touches, showings and rewards of one fact each.</param>
/// <param name="Updates">Journal entries that these came in.</param>
/// <param name="PolicyHash">Hash of the learner's parameters, in hexadecimal.</param>
/// <param name="Learner">What learns: <c>ridge</c>, <c>actor-critic</c> or <c>deep-q</c>.</param>
/// <param name="Exploration">How is explored, as in an explanation.</param>
/// <param name="RewardTable">Name and version of the reward table in force.</param>
/// <param name="Discount">What the next slate of a session is worth now.</param>
/// <param name="PolicyAgeMilliseconds">How long ago this node last knew itself level with the policy's writer; absent outside of a cluster.</param>
internal sealed record ScenarioBody(
    string Id,
    string Kind,
    int CountMax,
    long PolicyVersion,
    string ModelVersion,
    long Decisions,
    long Rewards,
    long Lessons,
    long Updates,
    string PolicyHash,
    string? Learner = null,
    string? Exploration = null,
    string? RewardTable = null,
    double? Discount = null,
    double? PolicyAgeMilliseconds = null);
