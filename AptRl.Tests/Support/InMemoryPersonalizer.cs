using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Akka;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;

namespace AptRl.Tests.Support;

/// <summary>Stands in for the actors where HTTP alone is tested: keeps everything in memory and learns nothing.</summary>
/// <remarks>
/// A slate is the candidates in ordinal order, drawn as if uniformly: position p of n candidates has propensity
/// 1/(n - p). An event with a recommendation id earns that decision a click.
/// </remarks>
internal sealed class InMemoryPersonalizer : IPersonalizer
{
    public const int CountMax = 20;

    private static readonly ScenarioId Home = new("home");

    private readonly ConcurrentDictionary<UserId, ConcurrentQueue<UserFact>> _facts = new();
    private readonly ConcurrentDictionary<ItemId, Item> _items = new();
    private readonly ConcurrentBag<Channel<Decision>> _readers = [];

    /// <summary>Names of the scenarios.</summary>
    public HashSet<ScenarioId> Scenarios { get; } = [Home];

    /// <summary>Answers every event and request with Busy.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Requests for a slate wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Thrown by every request for a slate.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Events in the order in which they came.</summary>
    public ConcurrentQueue<Interaction> Seen { get; } = new();

    public Task<IReadOnlyList<ScenarioView>> ScenariosAsync(CancellationToken cancellation)
        => Task.FromResult<IReadOnlyList<ScenarioView>>([new ScenarioView(Home, "items", CountMax, 3, "m1", 0, 0, 0, 0, "00ff")]);

    public async Task<Observed> ObserveAsync(Interaction interaction, CancellationToken cancellation)
    {
        // Without the yield a batch would be in order whatever the server did.
        await Task.Yield();
        Seen.Enqueue(interaction);
        var facts = _facts.GetOrAdd(interaction.User, _ => new());
        var status = IsBusy ? ObserveStatus.Busy
            : facts.Any(fact => fact.Interaction?.Id == interaction.Id) ? ObserveStatus.Duplicate
            : facts.Any(fact => fact.Interaction is { } other && other.At - interaction.At > TimeSpan.FromDays(1)) ? ObserveStatus.Late
            : ObserveStatus.Accepted;
        if (status == ObserveStatus.Accepted)
        {
            facts.Enqueue(new UserFact(facts.Count + 1, interaction, null));
        }

        return new Observed(interaction.Id, status, status == ObserveStatus.Accepted && interaction.RecommendationId is not null ? 1 : 0);
    }

    public async Task<Recommended> RecommendAsync(RecommendRequest request, CancellationToken cancellation)
    {
        await Gate.WaitAsync(cancellation);
        if (Fault is not null)
        {
            throw Fault;
        }

        if (IsBusy || !Scenarios.Contains(request.Scenario) || request.Count > CountMax)
        {
            return IsBusy ? new Recommended(null, Refusal.Busy, "the journal is behind: send it again")
                : !Scenarios.Contains(request.Scenario) ? new Recommended(null, Refusal.UnknownScenario, $"there is no scenario '{request.Scenario}': use home")
                : new Recommended(null, Refusal.Invalid, $"n {request.Count} is above {CountMax}: ask for fewer");
        }

        var id = DecisionId.For(request.User, request.Scenario, request.RequestId);
        var facts = _facts.GetOrAdd(request.User, _ => new());
        if (facts.FirstOrDefault(fact => fact.Decision?.Id == id) is { Decision: { } before })
        {
            return new Recommended(before);
        }

        var decision = Decide(request, id, facts.LastOrDefault(fact => fact.Interaction is not null)?.Interaction?.At);
        facts.Enqueue(new UserFact(facts.Count + 1, null, decision));
        foreach (var reader in _readers)
        {
            reader.Writer.TryWrite(decision);
        }

        return new Recommended(decision);
    }

    public Task<DecisionView?> FindAsync(DecisionId id, CancellationToken cancellation)
    {
        var facts = _facts.GetValueOrDefault(id.User) ?? [];
        var decision = facts.FirstOrDefault(fact => fact.Decision?.Id == id)?.Decision;
        var rewards = facts
            .Where(fact => fact.Interaction?.RecommendationId == id.Value)
            .Select(fact => new EarnedReward(decision!.PositionOf(fact.Interaction!.Items[0]), RewardType.Click, fact.Interaction.Id, 1));
        return Task.FromResult(decision is null ? null : new DecisionView(decision, [.. rewards]));
    }

    public Task<UserView?> UserAsync(UserId user, CancellationToken cancellation)
    {
        if (!_facts.TryGetValue(user, out var facts))
        {
            return Task.FromResult<UserView?>(null);
        }

        var events = facts.Where(fact => fact.Interaction is not null).Select(fact => fact.Interaction!).OrderBy(e => e.At).ToArray();
        var window = events.SelectMany(e => e.Items.Select(item => new Touch(e.Id, item, e.Kind, e.At))).ToArray();
        var decisions = facts.Where(fact => fact.Decision is not null).Select(fact => fact.Decision!.Id).ToArray();
        return Task.FromResult<UserView?>(new UserView(
            user, window, 1, events.Length, 0, events.Count(e => e.RecommendationId is not null), decisions.Length, decisions, "abcd"));
    }

    public Source<UserFact, NotUsed> Export(UserId user) => Source.From(_facts[user].ToArray());

    public Task<bool> DeleteAsync(UserId user, CancellationToken cancellation) => Task.FromResult(_facts.TryRemove(user, out _));

    public Task UpsertAsync(IReadOnlyList<Item> items, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            _items[item.Id] = item;
        }

        return Task.CompletedTask;
    }

    public Task<Item?> ItemAsync(ItemId item, CancellationToken cancellation) => Task.FromResult(_items.GetValueOrDefault(item));

    public Source<Decision, NotUsed> Decisions(int buffer)
    {
        var channel = Channel.CreateBounded<Decision>(new BoundedChannelOptions(buffer) { FullMode = BoundedChannelFullMode.DropOldest });
        _readers.Add(channel);
        return ChannelSource.FromReader(channel.Reader);
    }

    public Source<DecisionOutcome, NotUsed> Outcomes(int buffer) => Decisions(buffer).Select(decision => new DecisionOutcome(decision, null));

    public Task PublishAsync(CancellationToken cancellation) => Task.CompletedTask;

    private Decision Decide(RecommendRequest request, DecisionId id, DateTimeOffset? seenThrough)
    {
        var all = request.Candidates.IsDefaultOrEmpty ? [.. _items.Keys] : request.Candidates;
        ItemId[] unavailable = [.. all.Where(item => _items.TryGetValue(item, out var known) && !known.Available).Order()];
        var candidates = all
            .Where(item => !_items.TryGetValue(item, out var known) || known.Available)
            .Where(item => request.Category is null || _items.TryGetValue(item, out var known) && known.Categories.Contains(request.Category))
            .Except(request.Exclude).Order().ToArray();
        var features = FeatureVector.From(new float[FeatureVector.Length]);
        return new Decision(
            id, request.User, request.Scenario, request.RequestId, request.At, seenThrough, Decision.Learned, 3, "m1", 0,
            [.. candidates.Take(request.Count).Select((item, p) => new Shown(item, 0.5f, 1.0 / (candidates.Length - p), p == 1, features))],
            [.. candidates.Select(item => new Candidate(item, 0.5f))],
            unavailable.Length > 0 ? [new Filtered("unavailable", unavailable.Length, [.. unavailable.Take(Filtered.ItemsMax)])] : []);
    }
}
