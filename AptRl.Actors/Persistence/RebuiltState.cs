using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence.Query;
using AptRl.Actors.Agents;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Persistence;

/// <summary>Everything that a journal says, folded anew without snapshots: what <c>aptrl replay --verify</c> compares.</summary>
/// <param name="Users">Users that have a journal.</param>
/// <param name="Accepted">Interactions accepted.</param>
/// <param name="RewardsJoined">Rewards joined.</param>
/// <param name="Decisions">Decisions made.</param>
/// <param name="WindowsHash">Sum of all window hashes modulo 2¹²⁸, in hexadecimal.</param>
/// <param name="PolicyHash">Hash of all learners, in hexadecimal.</param>
/// <param name="PolicyUpdates">Lessons that policies were updated with.</param>
public sealed record RebuiltState(
    long Users, long Accepted, long RewardsJoined, long Decisions, string WindowsHash, string PolicyHash, long PolicyUpdates)
{
    /// <summary>Reads the journal of a running system from its beginning.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="windows">The bounds that the journal was written under.</param>
    /// <param name="scenarios">The scenarios that it was written under.</param>
    /// <param name="onFact">Told the number of facts read so far, now and then.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<RebuiltState> ReadAsync(
        ActorSystem system, WindowOptions windows, ImmutableArray<ScenarioOptions> scenarios, Action<long> onFact, CancellationToken cancellation)
    {
        var users = new Dictionary<string, UserTimeline>(StringComparer.Ordinal);
        var learners = scenarios.ToDictionary(
            scenario => LearnerActor.PersistenceIdOf(scenario.Id), scenario => (scenario.Id, Journal: new LearnerJournal(scenario.Learner)), StringComparer.Ordinal);
        await JournalFacts.ReadAsync(system, envelope => Apply(envelope, users, learners, windows), onFact, cancellation).ConfigureAwait(false);

        var hash = users.Values.Aggregate(UInt128.Zero, (sum, timeline) => unchecked(sum + timeline.Window.Hash(timeline.User)));
        return new RebuiltState(
            users.Count,
            users.Values.Sum(timeline => timeline.Accepted),
            users.Values.Sum(timeline => timeline.RewardsJoined),
            users.Values.Sum(timeline => timeline.DecisionCount),
            WindowsHashOf(hash),
            PolicyHashOf(learners.Values.Select(learner => (learner.Id, learner.Journal.Learner.Image().Hash()))),
            learners.Values.Sum(learner => learner.Journal.Learner.Lessons));
    }

    /// <summary>The text of a sum of window hashes.</summary>
    public static string WindowsHashOf(UInt128 sum) => sum.ToString("x32", null);

    /// <summary>One hash of all learners: the learner's own where there is one scenario, else theirs hashed together.</summary>
    public static string PolicyHashOf(IEnumerable<(ScenarioId Scenario, string Hash)> learners)
    {
        var ordered = learners.OrderBy(learner => learner.Scenario.Value, StringComparer.Ordinal).ToList();
        return ordered.Count == 1
            ? ordered[0].Hash
            : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(string.Join('\n', ordered.Select(learner => $"{learner.Scenario} {learner.Hash}")))));
    }

    private static void Apply(
        EventEnvelope envelope, Dictionary<string, UserTimeline> users, Dictionary<string, (ScenarioId Id, LearnerJournal Journal)> learners, WindowOptions windows)
    {
        switch (envelope.Event)
        {
            case IUserFact fact:
                if (!users.TryGetValue(envelope.PersistenceId, out var timeline))
                {
                    users[envelope.PersistenceId] = timeline = new UserTimeline(UserActor.UserOf(envelope.PersistenceId), windows);
                }

                timeline.Apply(fact);
                break;
            case LessonsLearned learned when learners.TryGetValue(envelope.PersistenceId, out var learner):
                learner.Journal.Apply(learned);
                break;
            case EncoderTookOver took when learners.TryGetValue(envelope.PersistenceId, out var learner):
                learner.Journal.Apply(took);
                break;
        }
    }
}
