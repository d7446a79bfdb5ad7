using System.Collections.Immutable;
using System.Globalization;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>What a timeline says of an interaction offered to it.</summary>
public enum Verdict
{
    /// <summary>New and in time: apply it.</summary>
    Accept = 1,

    /// <summary>Its id is remembered.</summary>
    Duplicate = 2,

    /// <summary>Older than the allowed lateness.</summary>
    Late = 3,

    /// <summary>Too many lessons wait for a learner.</summary>
    Busy = 4,
}

/// <summary>All that is known of one user, as a fold of the user's facts.</summary>
/// <remarks>
/// Judging is pure; only <see cref="Apply(IUserFact)"/> changes anything, and it depends on nothing but the fact. The user actor
/// judges, persists, applies, answers; a replay of the journal applies the same facts and gets the same timeline.
/// </remarks>
public sealed class UserTimeline
{
    private readonly WindowOptions _options;
    private readonly Queue<EventId> _idOrder = new();
    private readonly HashSet<EventId> _ids = [];
    private readonly List<RememberedDecision> _decisions = [];
    private readonly SortedDictionary<string, Outbox> _outboxes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _setAside = new(StringComparer.Ordinal);
    private string? _session;

    /// <summary>A user of whom nothing is known.</summary>
    public UserTimeline(UserId user, WindowOptions options)
    {
        (User, _options) = (user, options);
        Window = InteractionWindow.Empty(options);
    }

    /// <summary>A timeline as it was.</summary>
    public UserTimeline(UserTimelineImage image, WindowOptions options)
        : this(image.User, options)
    {
        Window = InteractionWindow.Restored(options, image.Touches);
        foreach (var id in image.EventIds)
        {
            Remember(id);
        }

        _decisions.AddRange(image.Decisions);
        foreach (var (scenario, next, settled, lessons) in image.Outboxes)
        {
            _outboxes[scenario.Value] = new Outbox(next, settled, lessons);
        }

        (NewestAt, _session, Sessions) = (image.NewestAt, image.Session, image.Sessions);
        (Accepted, RewardsJoined, DecisionCount) = (image.Accepted, image.RewardsJoined, image.DecisionCount);
    }

    /// <summary>Whose.</summary>
    public UserId User { get; }

    /// <summary>What the encoder sees.</summary>
    public InteractionWindow Window { get; private set; }

    /// <summary>Event time of the newest interaction; null before the first.</summary>
    public DateTimeOffset? NewestAt { get; private set; }

    /// <summary>Sessions so far.</summary>
    public long Sessions { get; private set; }

    /// <summary>The last session by a number that no other user's has; null before the first.</summary>
    /// <remarks>A late interaction belongs to the session it comes in: where one of before ended, nobody remembers.</remarks>
    public long? Session => Sessions == 0 ? null : (long)StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"{User}\n{Sessions}"));

    /// <summary>Interactions accepted so far.</summary>
    public long Accepted { get; private set; }

    /// <summary>Rewards joined so far, those taken back counted too.</summary>
    public long RewardsJoined { get; private set; }

    /// <summary>Decisions so far.</summary>
    public long DecisionCount { get; private set; }

    /// <summary>Decisions still remembered, oldest first.</summary>
    public IReadOnlyList<RememberedDecision> Decisions => _decisions;

    /// <summary>Lessons on their way, by scenario, without those that are set aside.</summary>
    public IEnumerable<KeyValuePair<ScenarioId, Outbox>> Outboxes => AllOutboxes.Where(pair => !_setAside.Contains(pair.Key.Value));

    /// <summary>Whether a further lesson would break the outbox's bound.</summary>
    public bool IsBusy => Outboxes.Any(pair => pair.Value.Lessons.Count >= _options.OutboxMax);

    private IEnumerable<KeyValuePair<ScenarioId, Outbox>> AllOutboxes
        => _outboxes.Select(pair => KeyValuePair.Create(new ScenarioId(pair.Key), pair.Value));

    /// <summary>Decides about an interaction without taking it.</summary>
    public Verdict Judge(Interaction offered)
        => _ids.Contains(offered.Id) ? Verdict.Duplicate
            : NewestAt is { } newest && offered.At < newest - _options.Lateness ? Verdict.Late
            : IsBusy ? Verdict.Busy
            : Verdict.Accept;

    /// <summary>The fact that accepting this interaction would be.</summary>
    public InteractionAccepted Accept(Interaction interaction, ImmutableArray<ScenarioId> scenarios)
        => new(interaction, scenarios, Attribution.Join(interaction, _decisions, _options));

    /// <summary>A remembered decision, or null.</summary>
    public RememberedDecision? Find(DecisionId id)
    {
        for (var i = _decisions.Count - 1; i >= 0; i--)
        {
            if (_decisions[i].Decision.Id == id)
            {
                return _decisions[i];
            }
        }

        return null;
    }

    /// <summary>How often each item stands in the decisions remembered of a scenario.</summary>
    public Dictionary<ItemId, int> TimesShown(ScenarioId scenario)
    {
        var times = new Dictionary<ItemId, int>();
        foreach (var remembered in _decisions)
        {
            if (remembered.Decision.Scenario == scenario)
            {
                foreach (var shown in remembered.Decision.Slate)
                {
                    times[shown.Item] = times.GetValueOrDefault(shown.Item) + 1;
                }
            }
        }

        return times;
    }

    /// <summary>Scenario and number of each lesson with a reward that this event brought and that is not settled.</summary>
    public IEnumerable<(ScenarioId Scenario, long Number)> UnsettledRewardsOf(EventId id)
        => Outboxes.SelectMany(pair => pair.Value.Lessons
            .Where(lesson => lesson.By == id && !lesson.Rewarded.IsEmpty)
            .Select(lesson => (pair.Key, lesson.Number)));

    /// <summary>
    /// Keeps a scenario's lessons without counting on anybody to take them: nobody does while it is not configured. They
    /// are in <see cref="Image"/> all the same, for when it is configured again.
    /// </summary>
    public void SetAside(ScenarioId scenario) => _setAside.Add(scenario.Value);

    /// <summary>Takes a fact.</summary>
    public void Apply(IUserFact fact)
    {
        switch (fact)
        {
            case InteractionAccepted accepted:
                Apply(accepted);
                break;
            case DecisionMade made:
                Apply(made.Decision);
                break;
            case LessonsSettled settled:
                OutboxOf(settled.Scenario).Settle(settled.Through);
                break;
            default:
                throw new ArgumentException($"{fact.GetType().Name} is no fact of a user", nameof(fact));
        }
    }

    /// <summary>Everything in it, for a snapshot.</summary>
    public UserTimelineImage Image() => new(
        User, Window.Touches, [.. _idOrder], [.. _decisions],
        [.. AllOutboxes.Select(pair => new OutboxImage(pair.Key, pair.Value.Next, pair.Value.Settled, [.. pair.Value.Lessons]))],
        NewestAt, _session, Sessions, Accepted, RewardsJoined, DecisionCount);

    private void Apply(InteractionAccepted accepted)
    {
        var interaction = accepted.Interaction;
        var isNewSession = NewestAt is not { } newest || interaction.At - newest > _options.SessionGap
            || (interaction.Session is { } named && _session is { } current && named != current);

        Remember(interaction.Id);
        Window = Window.Apply(interaction);
        Sessions += isNewSession ? 1 : 0;
        _session = interaction.Session ?? (isNewSession ? null : _session);
        NewestAt = NewestAt > interaction.At ? NewestAt : interaction.At;
        Accepted++;
        RewardsJoined += accepted.Rewards.Length;

        Teach(accepted);
        foreach (var group in accepted.Rewards.GroupBy(reward => reward.Decision))
        {
            var index = _decisions.FindIndex(remembered => remembered.Decision.Id == group.Key);
            if (index >= 0)
            {
                _decisions[index] = _decisions[index].With(group, interaction.Id);
            }
        }
    }

    private void Apply(Decision decision)
    {
        DecisionCount++;
        var session = SessionAt(decision.At);
        var before = _decisions.FindLast(remembered => remembered.Decision.Scenario == decision.Scenario);
        _decisions.Add(new RememberedDecision(decision, [], session));
        if (_decisions.Count > _options.DecisionsMax)
        {
            _decisions.RemoveAt(0);
        }

        var shown = SlateOf(decision, _options.TeachingOf(decision.Scenario).WithSlates);
        OutboxOf(decision.Scenario).Add(number => new Lesson(number, decision.At, null, [], shown, []) { Encoder = decision.ModelVersion });
        if (before is not null && before.Session == session)
        {
            TeachNext(before, decision);
        }
    }

    // The item that was clicked last has the credit for what came next, for the click led there (see docs/algorithms/temporal-differences.md).
    private void TeachNext(RememberedDecision before, Decision decision)
    {
        if (decision.Value is not { } value || before.LastClicked is not (>= 0 and var position))
        {
            return;
        }

        var shown = before.Decision.Slate[position];
        var amount = (int)Math.Round(Math.Clamp(value, -8, 8) * FeatureVector.One);
        OutboxOf(decision.Scenario).Add(number => new Lesson(
            number, before.Decision.At, null, [], [], [new RewardedItem(shown.Item, shown.Features, RewardType.Next, amount)])
        {
            Slate = SlateOfRewards(before.Decision),
            Following = _options.TeachingOf(decision.Scenario).WithFollowing ? SlateOf(decision, withPropensities: false) : [],
            Encoder = before.Decision.ModelVersion,
        });
    }

    private ImmutableArray<ShownItem> SlateOfRewards(Decision decision)
        => _options.TeachingOf(decision.Scenario).WithSlates ? SlateOf(decision, withPropensities: true) : [];

    private static ImmutableArray<ShownItem> SlateOf(Decision decision, bool withPropensities)
        => [.. decision.Slate.Select(item => new ShownItem(item.Item, item.Features) { Propensity = withPropensities ? item.Propensity : 0 })];

    // A page view after a long rest opens a session that its events are yet to tell of.
    private long SessionAt(DateTimeOffset at) => Sessions + (NewestAt is not { } newest || at - newest > _options.SessionGap ? 1 : 0);

    // A touch teaches every scenario; a reward only the one whose decision earned it, in the same lesson.
    private void Teach(InteractionAccepted accepted)
    {
        var interaction = accepted.Interaction;
        ImmutableArray<TouchedItem> touched = InteractionWindow.Takes(interaction.Kind)
            ? [.. interaction.Items.Select(item => new TouchedItem(item, null, interaction.Kind, interaction.At, Session))]
            : [];
        if (!touched.IsEmpty)
        {
            foreach (var scenario in accepted.Taught)
            {
                OutboxOf(scenario).Add(number => new Lesson(number, interaction.At, interaction.Id, touched, [], []));
            }
        }

        foreach (var group in accepted.Rewards.GroupBy(reward => reward.Decision))
        {
            if (Find(group.Key)?.Decision is not { } decision)
            {
                continue;
            }

            var rewarded = group
                .Select(reward => (Reward: reward, Shown: decision.Slate[reward.Position]))
                .Select(pair => new RewardedItem(pair.Shown.Item, pair.Shown.Features, pair.Reward.Type, pair.Reward.Amount))
                .ToImmutableArray();
            OutboxOf(decision.Scenario).Add(number => new Lesson(number, decision.At, interaction.Id, [], [], rewarded)
            {
                Slate = SlateOfRewards(decision),
                Encoder = decision.ModelVersion,
            });
        }
    }

    private Outbox OutboxOf(ScenarioId scenario)
    {
        if (!_outboxes.TryGetValue(scenario.Value, out var outbox))
        {
            _outboxes[scenario.Value] = outbox = new Outbox(next: 1, settled: 0, []);
        }

        return outbox;
    }

    private void Remember(EventId id)
    {
        _ids.Add(id);
        _idOrder.Enqueue(id);
        if (_idOrder.Count > _options.EventIdsMax)
        {
            _ids.Remove(_idOrder.Dequeue());
        }
    }
}
