using System.Collections.Immutable;
using System.Diagnostics;
using Akka;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Streams.Dsl;
using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Persistence;
using AptRl.Actors.Telemetry;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Hosting;

/// <summary>Asks the actors. The edge of the actor world: here alone an answer is awaited.</summary>
internal sealed class Personalizer(ActorSystem system, AptRlOptions options, NodeActors node, JournalGate gate) : IPersonalizer
{
    private const int ItemsPerMessage = 1_000;

    private readonly InFlight _inFlight = new(options.Node?.InFlightMax);
    private readonly Lazy<IActorRef> _users = new(() => ClusterSharding.Get(system).ShardRegion("user"));

    public async Task<IReadOnlyList<ScenarioView>> ScenariosAsync(CancellationToken cancellation)
    {
        var views = new List<ScenarioView>();
        foreach (var scenario in options.Scenarios)
        {
            var learner = await node.Scenarios[scenario.Id].Told
                .Ask<LearnerView>(LearnerStatus.Ask, TimeSpan.FromMinutes(1), cancellation).ConfigureAwait(false);
            views.Add(new ScenarioView(
                scenario.Id, scenario.Kind is ScenarioKind.Items ? "items" : "arms", scenario.CountMax, learner.Version, options.Model.Version,
                learner.Decisions, learner.Rewards, learner.Lessons, learner.Updates, learner.Hash)
            {
                Options = scenario,
                PolicyAge = node.Ages.GetValueOrDefault(scenario.Id)?.Now,
                IsStale = node.Ages.GetValueOrDefault(scenario.Id) is { IsStale: true },
            });
        }

        return views;
    }

    public async Task<Observed> ObserveAsync(Interaction interaction, CancellationToken cancellation)
    {
        if (FutureFault(interaction.At) is { } fault)
        {
            return new Observed(interaction.Id, ObserveStatus.Rejected, 0, RejectCode.TimeInFuture, fault);
        }

        if (!_inFlight.TryEnter())
        {
            return new Observed(interaction.Id, ObserveStatus.Busy, 0);
        }

        using var span = Spans.Start(Spans.Observe);
        span?.SetTag("aptrl.user", interaction.User.Value).SetTag("aptrl.event", interaction.Id.Value).SetTag("aptrl.decision", interaction.RecommendationId);
        Observed answer;
        try
        {
            answer = await AskUserAsync<Observed>(new Observe(interaction) { Trace = Spans.TraceOf(span) }, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException away)
        {
            span?.SetStatus(ActivityStatusCode.Error, away is JournalAwayException ? "the journal is away" : "no answer in time");
            answer = new Observed(interaction.Id, ObserveStatus.Busy, 0);
        }
        finally
        {
            _inFlight.Leave();
        }

        span?.SetTag("aptrl.outcome", answer.Status.ToString());
        return answer;
    }

    public async Task<Recommended> RecommendAsync(RecommendRequest request, CancellationToken cancellation)
    {
        if (Refuse(request) is { } refused)
        {
            return refused;
        }

        if (!_inFlight.TryEnter())
        {
            return new Recommended(null, Refusal.Busy, $"{options.Node?.InFlightMax} calls of this node are under way: ask again in a second, or ask another node");
        }

        using var span = Spans.Start(Spans.Recommend);
        span?.SetTag("aptrl.user", request.User.Value).SetTag("aptrl.scenario", request.Scenario.Value);
        try
        {
            var answer = await AskUserAsync<Recommended>(new Recommend(request) { Trace = Spans.TraceOf(span) }, cancellation).ConfigureAwait(false);
            span?.SetTag("aptrl.decision", answer.Decision?.Id.Value).SetTag("aptrl.policy", answer.Decision?.Policy);
            return answer;
        }
        catch (JournalAwayException)
        {
            span?.SetStatus(ActivityStatusCode.Error, "the journal is away");
            return new Recommended(null, Refusal.Busy, "the journal is away: ask again in a second with the same requestId");
        }
        catch (AskTimeoutException)
        {
            span?.SetStatus(ActivityStatusCode.Error, "no answer in time");
            return new Recommended(null, Refusal.Busy, $"no answer within {options.AskTimeout.TotalSeconds} s: ask again with the same requestId");
        }
        finally
        {
            _inFlight.Leave();
        }
    }

    public async Task<DecisionView?> FindAsync(DecisionId id, CancellationToken cancellation)
        => (await AskUserAsync<FoundDecision>(new DecisionOf(id), cancellation).ConfigureAwait(false)).View;

    public async Task<UserView?> UserAsync(UserId user, CancellationToken cancellation)
    {
        var view = await AskUserAsync<UserView>(new UserOf(user), cancellation).ConfigureAwait(false);
        return view.Accepted == 0 && view.DecisionCount == 0 ? null : view;
    }

    public Source<UserFact, NotUsed> Export(UserId user)
        => JournalFacts.Of(system, UserActor.PersistenceIdOf(user))
            .Where(envelope => envelope.Event is InteractionAccepted or DecisionMade)
            .Select(envelope => envelope.Event is InteractionAccepted accepted
                ? new UserFact(envelope.SequenceNr, accepted.Interaction, null)
                : new UserFact(envelope.SequenceNr, null, ((DecisionMade)envelope.Event).Decision));

    public async Task<bool> DeleteAsync(UserId user, CancellationToken cancellation)
        => (await AskUserAsync<Deleted>(new Delete(user), cancellation, again: false).ConfigureAwait(false)).WasKnown;

    public async Task UpsertAsync(IReadOnlyList<Item> items, CancellationToken cancellation)
    {
        using var span = Spans.Start(Spans.Upsert);
        span?.SetTag("aptrl.items", items.Count);

        // Between nodes no message may be large; a part is refused or taken whole.
        foreach (var part in options.Node is null ? [[.. items]] : items.Chunk(ItemsPerMessage))
        {
            await UpsertPartAsync(new Upsert([.. part]) { Trace = Spans.TraceOf(span) }, cancellation).ConfigureAwait(false);
        }
    }

    private async Task UpsertPartAsync(Upsert part, CancellationToken cancellation)
    {
        // Between nodes one that is sent again could overtake another's that came after it.
        var answer = options.Node is null
            ? await node.Catalogue.AskAgainAsync<object>(part, options.AskTimeout, TimeProvider.System, cancellation).ConfigureAwait(false)
            : await node.Catalogue.Ask<object>(part, options.AskTimeout, cancellation).ConfigureAwait(false);
        var upserted = answer switch
        {
            CatalogueFull => throw new InvalidOperationException($"the catalogue would hold more than {Catalogue.ItemsMax} items: nothing of this request was taken"),
            CatalogueBusy => throw new JournalAwayException("the journal did not take the items: send them again in a second"),
            _ => (Upserted)answer,
        };
        if (options.Node is not null)
        {
            await node.Catalogue.Ask<InForce>(new WhenInForce(upserted.Entry, null), options.AskTimeout, cancellation).ConfigureAwait(false);
        }
    }

    public async Task<Item?> ItemAsync(ItemId item, CancellationToken cancellation)
        => (await node.Catalogue.Ask<CatalogueChanged>(new CatalogueOf(), options.AskTimeout, cancellation).ConfigureAwait(false))
            .Catalogue.Items.GetValueOrDefault(item);

    public Source<Decision, NotUsed> Decisions(int buffer) => node.Broadcast.Listen(buffer);

    public Source<DecisionOutcome, NotUsed> Outcomes(int buffer) => node.Broadcast.Outcomes.Listen(buffer);

    public async Task PublishAsync(CancellationToken cancellation)
    {
        foreach (var scenario in node.Scenarios.Values)
        {
            var published = await scenario.Learner.Ask<Published>(Publish.Now, TimeSpan.FromMinutes(1), cancellation).ConfigureAwait(false);
            if (options.Node is not null && !scenario.Agents.IsNobody())
            {
                await scenario.Told.Ask<InForce>(new WhenInForce(null, published.Version), options.AskTimeout, cancellation).ConfigureAwait(false);
            }
        }
    }

    private string? FutureFault(DateTimeOffset at) => options.FutureMax is { } max ? FutureTime.Fault(at, options.Clock.GetUtcNow() + max) : null;

    // Who waits when the journal goes away is told so: the actor that would have answered stops without it.
    private async Task<T> AskUserAsync<T>(object question, CancellationToken cancellation, bool again = true)
    {
        var closing = gate.Closing;
        if (closing.IsCancellationRequested)
        {
            throw new JournalAwayException();
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(closing, cancellation);
        try
        {
            // One node alone loses a message too: to an actor that stops in that moment. Each question may be asked twice but a deletion:
            // the second would delete what was accepted after the first was answered.
            return again
                ? await _users.Value.AskAgainAsync<T>(question, options.AskTimeout, TimeProvider.System, either.Token).ConfigureAwait(false)
                : await _users.Value.Ask<T>(question, options.AskTimeout, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            throw new JournalAwayException();
        }
    }

    private Recommended? Refuse(RecommendRequest request)
    {
        if (!node.Scenarios.TryGetValue(request.Scenario, out var actors))
        {
            return new Recommended(null, Refusal.UnknownScenario,
                $"there is no scenario '{request.Scenario}': the scenarios are {string.Join(", ", options.Scenarios.Select(scenario => scenario.Id))}");
        }

        var fault = request.Count < 1 || request.Count > actors.Options.CountMax
            ? $"a slate of {request.Count} items was asked for: scenario '{request.Scenario}' gives 1 to {actors.Options.CountMax}"
            : request.Candidates.Length > RecommendRequest.ItemsMax || request.Exclude.Length > RecommendRequest.ItemsMax
                ? $"{request.Candidates.Length} candidates and {request.Exclude.Length} exclusions: at most {RecommendRequest.ItemsMax} of each are allowed"
                : Identifier.Fault(request.RequestId, "request id") ?? FutureFault(request.At);
        return fault is null ? null : new Recommended(null, Refusal.Invalid, fault);
    }
}
