using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Persistence;
using AptRl.Actors.Serialization;
using AptRl.Model.Learning;
using AptRl.Model.Windows;

namespace AptRl.Host.Bench;

/// <summary>Rebuilds the ledger from the journals and compares it with the one that the load generator kept.</summary>
/// <remarks>Read from the tables themselves, with no actor between: what no node tells is what the database says.</remarks>
internal static class JournalLedger
{
    /// <summary>Compares; the nodes need not run.</summary>
    public static async Task<LedgerReport> CompareAsync(Ledger kept, JournalStore store, CancellationToken cancellation)
    {
        var (events, decisions, doubled) = (new HashSet<(string User, string Id)>(), new HashSet<string>(StringComparer.Ordinal), 0L);
        var joined = new Dictionary<(string User, string By), int>();
        var learned = new Dictionary<(string User, string By), int>();
        var lessons = new HashSet<(string Learner, string User, long Number)>();
        using var system = ActorSystem.Create("ledger", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        var serializer = new JournalSerializer((ExtendedActorSystem)system);
        await using var connection = store.OpenToRead();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, manifest, message FROM journal WHERE manifest IN ('IA', 'DM', 'LL')";
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            switch (serializer.FromBinary((byte[])rows[2], rows.GetString(1)))
            {
                case InteractionAccepted { Interaction: var interaction, Rewards: var rewards }:
                    doubled += events.Add((interaction.User.Value, interaction.Id.Value)) ? 0 : 1;
                    if (rewards.Length > 0)
                    {
                        joined[(interaction.User.Value, interaction.Id.Value)] = rewards.Length;
                    }

                    break;
                case DecisionMade { Decision: var decision }:
                    doubled += decisions.Add(decision.Id.Value) ? 0 : 1;
                    break;
                case LessonsLearned { Lessons: var entry }:
                    foreach (var (user, lesson) in entry)
                    {
                        doubled += lessons.Add((rows.GetString(0), user.Value, lesson.Number)) ? 0 : 1;
                        if (lesson.By is { } by && lesson.Rewarded.Count(rewarded => rewarded.Type is not RewardType.Next) is > 0 and var count)
                        {
                            learned[(user.Value, by.Value)] = learned.GetValueOrDefault((user.Value, by.Value)) + count;
                        }
                    }

                    break;
            }
        }

        await system.Terminate();
        var answered = kept.AnsweredEvents.ToList();
        var lost = answered.LongCount(one => !events.Contains(one))
            + kept.AnsweredDecisions.LongCount(one => !decisions.Contains(one))
            + answered.Sum(one => Math.Max(0, joined.GetValueOrDefault(one) - learned.GetValueOrDefault(one)));
        doubled += learned.Sum(pair => Math.Max(0, pair.Value - joined.GetValueOrDefault(pair.Key)));
        var (inUsers, inLearners) = (joined.Values.Sum(), learned.Values.Sum());
        return new LedgerReport(
            kept.Sent, kept.Answered, events.Count + decisions.Count + inUsers, lost, doubled, events.Count, decisions.Count, inUsers, inLearners);
    }
}
