using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Persistence;
using AptRl.Actors.Users;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Inspection;

/// <summary>Rebuilds an earlier policy from the journal and lets it decide beside that of now, for the same user and draw.</summary>
/// <remarks>
/// The learner's journal is folded from its beginning, without snapshots, up to the version that the learner told when it
/// was asked. On the way, at the earlier version, the policy of then decides: at that point the remembered sessions are those
/// of then. User, window, catalogue and encoder are those of now, so that nothing but what was learned differs. Nothing is
/// written, and no decision is made known.
/// </remarks>
public sealed class TimeMachine(ActorSystem system)
{
    /// <summary>Entries of a learner's journal that are folded at most; beyond it <c>aptrl replay --verify</c> is the way.</summary>
    public const int EntriesMax = 500_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Goes back, and comes back.</summary>
    /// <param name="request">Where to.</param>
    /// <param name="onFact">Told the number of entries folded, now and then.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="NoSuchPastException">There is no such version, or too much would have to be read.</exception>
    public async Task<TimeTravel> GoAsync(TimeTravelRequest request, Action<long> onFact, CancellationToken cancellation)
    {
        var (options, node) = (JournalReading.SetupOf(system).Options, JournalReading.SetupOf(system).Node);
        var actors = node.Scenarios.TryGetValue(request.Scenario, out var found) ? found
            : throw new NoSuchPastException($"there is no scenario '{request.Scenario}': GET /v1/scenarios lists them");
        var live = await actors.Told.Ask<LearnerView>(LearnerStatus.Ask, Patience, cancellation).ConfigureAwait(false);
        Check(request, live);

        var since = Stopwatch.GetTimestamp();
        var (timeline, userFacts) = await TimelineAsync(request.User, options.WindowsInForce, cancellation).ConfigureAwait(false);
        var catalogue = (await node.Catalogue.Ask<CatalogueChanged>(new CatalogueOf(), Patience, cancellation).ConfigureAwait(false)).Catalogue;
        var id = DecisionId.For(request.User, request.Scenario, "time travel");
        var state = await node.Encoder.Ask<object>(new Encode(id, timeline.Window.Touches), Patience, cancellation).ConfigureAwait(false) is Encoded encoded
            ? encoded.State
            : throw new TimeoutException("the encoder's queue is full");
        var context = new DecisionContext(
            id, "time travel", request.At, request.Count, [], [], null, state, timeline.Window.Touches, timeline.Session, timeline.TimesShown(request.Scenario));
        var fold = new Fold(actors.Options, context, catalogue, new ItemSpace(options.Model), request.Version, live.Version);
        await RunAsync(fold, request.Scenario, onFact, cancellation).ConfigureAwait(false);

        return new TimeTravel(
            fold.Then!, fold.Decide(), live.Version, fold.ThenFacts, fold.Facts, fold.Journal.Learner.Lessons, userFacts,
            fold.Journal.Learner.Image().Hash(), live.Hash, Stopwatch.GetElapsedTime(since));
    }

    private static void Check(TimeTravelRequest request, LearnerView live)
    {
        if (request.Version < 0 || request.Version > live.Version)
        {
            throw new NoSuchPastException($"version {request.Version} is not in 0 to {live.Version}, the newest publication: choose one of these");
        }

        if (live.Updates > EntriesMax)
        {
            throw new NoSuchPastException(
                $"the learner's journal has {live.Updates} entries and at most {EntriesMax} are folded beside a running server: run aptrl replay --verify on a copy of the data folder");
        }
    }

    private Task RunAsync(Fold fold, ScenarioId scenario, Action<long> onFact, CancellationToken cancellation)
        => fold.IsDone ? Task.CompletedTask
            : JournalFacts.Of(system, LearnerActor.PersistenceIdOf(scenario))
                .Via(cancellation.AsFlow<EventEnvelope>(cancelGracefully: false))
                .TakeWhile(
                    envelope =>
                    {
                        fold.Take(envelope.Event);
                        if (fold.Facts % 500 == 0)
                        {
                            onFact(fold.Facts);
                        }

                        return !fold.IsDone;
                    },
                    inclusive: true)
                .RunWith(Sink.Ignore<EventEnvelope>(), system.Materializer());

    private async Task<(UserTimeline Timeline, long Facts)> TimelineAsync(UserId user, WindowOptions windows, CancellationToken cancellation)
    {
        var (timeline, facts) = (new UserTimeline(user, windows), 0L);
        await JournalFacts.Of(system, UserActor.PersistenceIdOf(user))
            .Via(cancellation.AsFlow<EventEnvelope>(cancelGracefully: false))
            .RunForeach(
                envelope =>
                {
                    timeline.Apply((IUserFact)envelope.Event);
                    facts++;
                },
                system.Materializer()).ConfigureAwait(false);
        return (timeline, facts);
    }

    private sealed class Fold
    {
        private readonly ScenarioOptions _scenario;
        private readonly DecisionContext _context;
        private readonly Catalogue _catalogue;
        private readonly ItemSpace _space;
        private readonly long _then;
        private readonly long _now;

        public Fold(ScenarioOptions scenario, DecisionContext context, Catalogue catalogue, ItemSpace space, long then, long now)
        {
            // What is asked is what was learned: a holdout's users are shown what the learning policy would show them.
            (_scenario, _context, _catalogue, _space, _then, _now) = (scenario with { Holdouts = [] }, context, catalogue, space, then, now);
            Journal = new LearnerJournal(scenario.Learner);
            if (then == 0)
            {
                Then = Decide();
            }
        }

        public LearnerJournal Journal { get; }

        public Decision? Then { get; private set; }

        public long ThenFacts { get; private set; }

        public long Facts { get; private set; }

        public bool IsDone => Journal.Learner.Version == _now;

        public void Take(object fact)
        {
            Journal.Apply(fact);
            Facts++;
            if (Then is null && Journal.Learner.Version == _then)
            {
                (Then, ThenFacts) = (Decide(), Facts);
            }
        }

        public Decision Decide() => DecisionMaker.Decide(_scenario, _context, Journal.Learner.Policy(), _catalogue, _space);
    }
}
