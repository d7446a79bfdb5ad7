using AptRl.Host.Learning;

namespace AptRl.Host.Http.Contracts;

/// <summary>What this server is, and what the caller may do.</summary>
/// <param name="KeyNeeded">Whether requests need a key.</param>
/// <param name="Key">Name of the key that was sent.</param>
/// <param name="Scopes">What it lets the caller do; everything where no key is needed.</param>
/// <param name="Scenarios">Names of the scenarios, the first one first.</param>
/// <param name="Time">Event time of now: a simulated shop's, else the server's.</param>
/// <param name="Simulated">Whether the shoppers are simulated.</param>
internal sealed record AboutAnswer(
    string Version, bool KeyNeeded, string? Key, IReadOnlyList<string> Scopes, IReadOnlyList<string> Scenarios, DateTimeOffset Time, bool Simulated);

/// <summary>How the policies of a scenario do, and how fast is learned.</summary>
/// <param name="DecisionsPerSecond">In the last whole second.</param>
/// <param name="EventsPerSecond">In the last whole second.</param>
/// <param name="LessonsPerSecond">Updates of the policy in the last whole second.</param>
/// <param name="PublicationsPerSecond">In the last whole second.</param>
/// <param name="Report">Null where nothing was decided since the start.</param>
internal sealed record LearningAnswer(
    long DecisionsPerSecond, long EventsPerSecond, long LessonsPerSecond, long PublicationsPerSecond, LearningReport? Report);

/// <summary>The pipeline in the last minute.</summary>
internal sealed record PipelineAnswer(
    IReadOnlyList<StageBody> Stages, IReadOnlyList<BacklogBody> Backlogs, IReadOnlyList<CountBody> Refused, long Missed,
    IReadOnlyList<CountBody> Rejects, IReadOnlyList<RejectBody> RecentRejects);

/// <summary>A stage of the pipeline; times in milliseconds, those of the newest second in which it was taken.</summary>
/// <param name="Total">How often it was taken since the start.</param>
/// <param name="Rates">Times a second, oldest first.</param>
internal sealed record StageBody(
    string Name, string Does, long Total, long PerSecond, double? Median, double? P99, double? Max, IReadOnlyList<long> Rates);

/// <summary>Messages that wait in a buffer.</summary>
/// <param name="Series">At the end of each second, oldest first.</param>
internal sealed record BacklogBody(string Name, int Waiting, int Bound, IReadOnlyList<int> Series);

/// <summary>A count and what it is of.</summary>
internal sealed record CountBody(string Name, long Count);

/// <summary>An event, or a body, that was not taken.</summary>
internal sealed record RejectBody(DateTimeOffset Time, string Code, string Reason, long? Line, string? Text);

/// <summary>Nodes, shards and files.</summary>
internal sealed record ClusterAnswer(
    IReadOnlyList<NodeBody> Nodes, IReadOnlyList<ShardBody> Shards, int ShardCount, int Entities, JournalBody Journal);

/// <summary>A node of the cluster.</summary>
internal sealed record NodeBody(string Address, string Status, bool Reachable, bool Leader, bool Self);

/// <summary>A shard on this node and its users that are awake.</summary>
internal sealed record ShardBody(string Id, int Entities);

/// <summary>The files or tables that hold everything.</summary>
/// <param name="Directory">Their folder, or database and schema.</param>
/// <param name="LogBytes">Null with PostgreSQL, as <paramref name="FreeBytes"/> is.</param>
/// <param name="Written">Facts written since the journal was made.</param>
internal sealed record JournalBody(
    string Directory, long JournalBytes, long? LogBytes, long SnapshotBytes, long? FreeBytes, long Written, string Durability);

/// <summary>Users found by the beginning of their names.</summary>
internal sealed record UserSearchAnswer(IReadOnlyList<string> Users, bool More);

/// <summary>Some items of the catalogue.</summary>
/// <param name="Total">Items that fit.</param>
/// <param name="Categories">All categories of the catalogue.</param>
internal sealed record ItemSearchAnswer(int Total, IReadOnlyList<string> Categories, IReadOnlyList<ItemBody> Items);

/// <summary>The newest decisions of this node.</summary>
internal sealed record RecentAnswer(IReadOnlyList<RecentDecision> Decisions);

/// <summary>A decision in a list.</summary>
internal sealed record RecentDecision(
    string RecommendationId, string User, string Scenario, DateTimeOffset Time, string Policy, long PolicyVersion, IReadOnlyList<string> Items, bool Explored);

/// <summary>What a decision was made from and which publications have learned from it.</summary>
/// <param name="Window">The window that was seen then, oldest first.</param>
/// <param name="FactsBefore">Facts of the user that it was rebuilt from.</param>
/// <param name="Learned">Lessons of it that the learner has taken.</param>
/// <param name="Whole">False where the learner's journal is too long to be read for this.</param>
internal sealed record OriginAnswer(
    IReadOnlyList<TouchBody> Window, string WindowHash, long FactsBefore, IReadOnlyList<LearnedBody> Learned, bool Whole);

/// <summary>A lesson that a learner has taken.</summary>
/// <param name="EventId">The event that brought it; absent for the showing itself.</param>
/// <param name="Entry">Its entry in the learner's journal.</param>
/// <param name="Publication">The first version of the policy with it; absent where none has been published yet.</param>
internal sealed record LearnedBody(string? EventId, long Entry, long? Publication);

/// <summary>What a user would be shown by an earlier policy, and by that of now.</summary>
/// <param name="Facts">Entries of the learner's journal that the policy of now was rebuilt from.</param>
/// <param name="HashEqual">Whether what was rebuilt is to the bit what the learner holds.</param>
internal sealed record TimeTravelAnswer(
    string User, string Scenario, PastSlate Then, PastSlate Now, long Facts, long Lessons, long UserFacts,
    string RebuiltHash, string LiveHash, bool HashEqual, double Milliseconds);

/// <summary>A slate by one policy.</summary>
/// <param name="Facts">Entries of the learner's journal up to it.</param>
internal sealed record PastSlate(long Version, long Facts, IReadOnlyList<SlateItem> Items, IReadOnlyList<ScoredCandidate> Candidates);
