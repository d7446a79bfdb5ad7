using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Agents;
using AptRl.Actors.Persistence;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Actors.Inspection;

/// <summary>Reads back how a decision came about and which publications have learned from it.</summary>
/// <remarks>
/// The user's facts up to the decision are folded anew, so that the window is the one that was seen and not the one of
/// now. The lessons are found in the learner's journal by user and number, which is read from its beginning because the
/// number of a publication is how many there were before it.
/// </remarks>
public sealed class DecisionOrigins(ActorSystem system)
{
    /// <summary>Entries of a learner's journal that are read at most.</summary>
    public const int EntriesMax = 200_000;

    /// <summary>The origin; null where the user's journal does not hold the decision.</summary>
    public async Task<DecisionOrigin?> ReadAsync(DecisionId id, CancellationToken cancellation)
    {
        var timeline = new UserTimeline(id.User, JournalReading.SetupOf(system).Options.WindowsInForce);
        var found = new Found();
        await JournalFacts.Of(system, UserActor.PersistenceIdOf(id.User))
            .Via(cancellation.AsFlow<EventEnvelope>(cancelGracefully: false))
            .RunForeach(envelope => found.Take((IUserFact)envelope.Event, timeline, id), system.Materializer()).ConfigureAwait(false);
        if (found.Decision is not { } decision)
        {
            return null;
        }

        var (lessons, isWhole) = await LearnedAsync(decision, found.Lessons, cancellation).ConfigureAwait(false);
        return new DecisionOrigin(found.Window!.Touches, found.Window.Hash(id.User).ToString("x32", null), found.Before, lessons, isWhole);
    }

    private async Task<(ImmutableArray<LearnedFrom> Lessons, bool IsWhole)> LearnedAsync(
        Decision decision, Dictionary<long, EventId?> wanted, CancellationToken cancellation)
    {
        var (learned, version, read) = (new List<LearnedFrom>(), 0L, 0L);
        await JournalFacts.Of(system, LearnerActor.PersistenceIdOf(decision.Scenario))
            .Via(cancellation.AsFlow<EventEnvelope>(cancelGracefully: false))
            .Take(EntriesMax)
            .TakeWhile(
                envelope =>
                {
                    read++;
                    var entry = envelope.Event as LessonsLearned;
                    foreach (var (user, lesson) in entry?.Lessons ?? [])
                    {
                        // A user who was deleted and came back has numbers from 1 again: the event time tells them apart.
                        if (user == decision.User && lesson.At == decision.At && wanted.Remove(lesson.Number, out var by))
                        {
                            learned.Add(new LearnedFrom(by, envelope.SequenceNr, null));
                        }
                    }

                    // Where another encoder took over, what was taken so far was published too.
                    if (entry is null or { Publishes: true })
                    {
                        version++;
                        for (var i = 0; i < learned.Count; i++)
                        {
                            learned[i] = learned[i] with { Publication = learned[i].Publication ?? version };
                        }
                    }

                    return wanted.Count > 0 || learned.Exists(lesson => lesson.Publication is null);
                },
                inclusive: true)
            .RunWith(Sink.Ignore<EventEnvelope>(), system.Materializer()).ConfigureAwait(false);
        return ([.. learned], read < EntriesMax);
    }

    // Follows the user's facts and notes which lessons the decision and its rewards were.
    private sealed class Found
    {
        public Decision? Decision { get; private set; }

        public InteractionWindow? Window { get; private set; }

        public long Before { get; private set; }

        public Dictionary<long, EventId?> Lessons { get; } = [];

        public void Take(IUserFact fact, UserTimeline timeline, DecisionId id)
        {
            var isIt = fact is DecisionMade made && made.Decision.Id == id;
            if (isIt)
            {
                (Decision, Window) = (((DecisionMade)fact).Decision, timeline.Window);
            }

            Before += Decision is null ? 1 : 0;
            var next = OutboxOf(timeline)?.Next ?? 1;
            timeline.Apply(fact);
            if (isIt || (fact is InteractionAccepted accepted && accepted.Rewards.Any(reward => reward.Decision == id)))
            {
                foreach (var lesson in OutboxOf(timeline)?.Lessons ?? [])
                {
                    if (lesson.Number >= next && lesson.At == Decision!.At && lesson.Touched.IsEmpty)
                    {
                        Lessons[lesson.Number] = lesson.By;
                    }
                }
            }
        }

        private Outbox? OutboxOf(UserTimeline timeline)
        {
            foreach (var (scenario, outbox) in timeline.Outboxes)
            {
                if (scenario == Decision?.Scenario)
                {
                    return outbox;
                }
            }

            return null;
        }
    }
}
