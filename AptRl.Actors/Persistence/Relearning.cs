using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Persistence;

/// <summary>What a scenario's regression is under a reward table, learned anew from the journal.</summary>
/// <param name="Scenario">Which scenario.</param>
/// <param name="Rewards">The table.</param>
/// <param name="Decisions">Decisions learned from.</param>
/// <param name="RewardCount">Rewards joined under the table.</param>
/// <param name="Parameters">θ.</param>
/// <param name="Hash">SHA-256 of θ's bits, in hexadecimal.</param>
/// <param name="First">For each decision of the journal with a slate, in order of its id, the item of it that would stand first.</param>
public sealed record Relearned(
    ScenarioId Scenario, RewardTable Rewards, long Decisions, long RewardCount, ImmutableArray<float> Parameters, string Hash,
    ImmutableArray<ItemId> First);

/// <summary>Learns a journal anew under other rewards: nothing is decided, encoded or written again.</summary>
/// <remarks>
/// Every user's facts are folded with the rewards joined again under the table, and the lessons that follow are summed. The
/// order in which the journal holds different users does not matter. What deleted users had earned is no longer there.
/// </remarks>
public static class Relearning
{
    /// <summary>Reads the journal of a running system from its beginning, twice.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="windows">The bounds that the journal was written under, with the table of each scenario in it.</param>
    /// <param name="scenarios">The scenarios, each with the table in its learner's options.</param>
    /// <param name="encoder">Version of the encoder whose decisions are learned from; null takes all, which is right where there was one.</param>
    /// <param name="onFact">Told the number of facts read so far, now and then.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<ImmutableArray<Relearned>> ReadAsync(
        ActorSystem system, WindowOptions windows, ImmutableArray<ScenarioOptions> scenarios, string? encoder, Action<long> onFact,
        CancellationToken cancellation)
    {
        var users = new Dictionary<string, UserTimeline>(StringComparer.Ordinal);
        var learners = scenarios.ToDictionary(scenario => scenario.Id, scenario => new Learner(scenario.Learner with { Kind = LearnerKind.Ridge }));
        if (encoder is not null)
        {
            learners.Values.ToList().ForEach(learner => learner.TakeOver(encoder, [], 0));
        }

        await ForEachFactAsync(
            system,
            (name, fact) =>
            {
                if (!users.TryGetValue(name, out var timeline))
                {
                    users[name] = timeline = new UserTimeline(UserActor.UserOf(name), windows);
                }

                timeline.Apply(fact is InteractionAccepted accepted ? timeline.Accept(accepted.Interaction, accepted.Taught) : fact);
                Learn(timeline, learners);
            },
            onFact, cancellation).ConfigureAwait(false);

        var policies = new Dictionary<ScenarioId, LinearPolicy>();
        foreach (var (scenario, learner) in learners)
        {
            learner.Advance();
            policies[scenario] = learner.Policy();
        }

        var first = scenarios.ToDictionary(scenario => scenario.Id, _ => new SortedDictionary<string, ItemId>(StringComparer.Ordinal));
        await ForEachFactAsync(
            system,
            (_, fact) =>
            {
                if (fact is DecisionMade { Decision: { Slate.Length: > 0 } decision } && policies.TryGetValue(decision.Scenario, out var policy))
                {
                    first[decision.Scenario][decision.Id.Value] = FirstOf(decision, policy);
                }
            },
            onFact, cancellation).ConfigureAwait(false);

        return
        [
            .. scenarios.Select(scenario => new Relearned(
                scenario.Id, scenario.Learner.Rewards, learners[scenario.Id].Decisions, learners[scenario.Id].Rewards,
                [.. policies[scenario.Id].Parameters],
                Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(policies[scenario.Id].Parameters))),
                [.. first[scenario.Id].Values])),
        ];
    }

    // Settles what was learned at once, so that an outbox never grows.
    private static void Learn(UserTimeline timeline, Dictionary<ScenarioId, Learner> learners)
    {
        foreach (var (scenario, outbox) in timeline.Outboxes.ToList())
        {
            if (learners.TryGetValue(scenario, out var learner))
            {
                foreach (var lesson in outbox.Lessons.Where(lesson => lesson.Touched.IsEmpty))
                {
                    learner.Learn(lesson);
                }
            }

            timeline.Apply(new LessonsSettled(scenario, outbox.Next - 1));
        }
    }

    // Each item as if it stood first: the position that it was shown at says nothing of what it is worth.
    private static ItemId FirstOf(Decision decision, LinearPolicy policy)
    {
        var parameters = policy.Parameters;
        var (best, value) = (decision.Slate[0].Item, float.NegativeInfinity);
        Span<float> numbers = stackalloc float[FeatureVector.Length];
        foreach (var shown in decision.Slate)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = shown.Features.Units[i] * (1f / FeatureVector.One);
            }

            numbers[Features.PositionIndex] = Features.Discount(0);
            if (TensorPrimitives.Dot<float>(numbers, parameters) is var its && its > value)
            {
                (best, value) = (shown.Item, its);
            }
        }

        return best;
    }

    private static async Task ForEachFactAsync(ActorSystem system, Action<string, IUserFact> take, Action<long> onFact, CancellationToken cancellation)
    {
        var read = 0L;
        await PersistenceQuery.Get(system)
            .ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier)
            .CurrentAllEvents(Offset.NoOffset())
            .Via(cancellation.AsFlow<EventEnvelope>(cancelGracefully: false))
            .RunForeach(
                envelope =>
                {
                    if (envelope.Event is IUserFact fact)
                    {
                        take(envelope.PersistenceId, fact);
                    }

                    if (++read % 1_000 == 0)
                    {
                        onFact(read);
                    }
                },
                system.Materializer()).ConfigureAwait(false);
        onFact(read);
    }
}
