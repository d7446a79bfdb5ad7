using System.Diagnostics.CodeAnalysis;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Host.Learning;

/// <summary>Counts what each policy of each scenario earns, for the dashboard. Safe for use by several threads at once.</summary>
/// <remarks>
/// A reward counts for the decision that earned it, at the moment of the decision: so no step has more clicks than slates.
/// The newest <see cref="RememberedMax"/> decisions can be rewarded; what comes for an older one is counted as unmatched.
/// Everything here begins with the server; the journal is not read for it.
/// </remarks>
internal sealed class LearningTally(TimeProvider time)
{
    /// <summary>Steps of a series; when they are used up, each two become one.</summary>
    public const int StepsMax = 120;

    /// <summary>Decisions that a reward is still counted for.</summary>
    public const int RememberedMax = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ScenarioId, Place> _places = [];
    private readonly Dictionary<DecisionId, Remembered> _remembered = [];
    private readonly Queue<DecisionId> _order = new();
    private double? _driftAt;
    private long _start;
    private int _stepSeconds = 1;
    private int _halvings;

    /// <summary>The scenarios' reward tables; one that is not told has the default table.</summary>
    public IReadOnlyDictionary<ScenarioId, RewardTable> Tables { get; set; } = new Dictionary<ScenarioId, RewardTable>();

    /// <summary>A slate was made.</summary>
    public void Decided(Decision decision)
    {
        lock (_gate)
        {
            var step = StepNow();
            var place = PlaceOf(decision.Scenario);
            var policy = place.PolicyOf(decision.Policy);
            var group = (int)(StableHash.Of(decision.User.Value) % PolicyTally.GroupCount);
            place.Version = Math.Max(place.Version, decision.PolicyVersion);
            policy.Decided(step, group);
            if (_remembered.TryAdd(decision.Id, new Remembered((decision.Scenario.Value, decision.Policy), place, policy, step, _halvings, group)))
            {
                _order.Enqueue(decision.Id);
                if (_order.Count > RememberedMax)
                {
                    _remembered.Remove(_order.Dequeue());
                }
            }
        }
    }

    /// <summary>A slate earned something.</summary>
    /// <returns>Scenario and policy of its decision; null where that is not remembered.</returns>
    public (string Scenario, string Policy)? Rewarded(DecisionRewarded reward)
    {
        lock (_gate)
        {
            if (!_remembered.TryGetValue(reward.Decision, out var remembered))
            {
                foreach (var place in _places.Values)
                {
                    place.Unmatched++;
                }

                return null;
            }

            var clicks = reward.Type is RewardType.Click ? remembered.Click(Math.Sign(reward.Amount)) : 0;
            remembered.Policy.Rewarded(
                remembered.Step >> (_halvings - remembered.Halvings), remembered.Group, clicks,
                reward.Amount * remembered.Place.Table.WorthOf(reward.Type));
            return remembered.Of;
        }
    }

    /// <summary>The truth about a slate, where it is known.</summary>
    /// <param name="expected">Exact probability that it is clicked.</param>
    /// <param name="best">Exact probability that the best slate would be.</param>
    public void Truth(Decision decision, double expected, double best)
    {
        lock (_gate)
        {
            PlaceOf(decision.Scenario).PolicyOf(decision.Policy).Truth(StepNow(), expected, best);
        }
    }

    /// <summary>Tastes moved now.</summary>
    public void Drifted()
    {
        lock (_gate)
        {
            _driftAt = Elapsed();
        }
    }

    /// <summary>The figures of a scenario as of now; null where nothing was decided there since the start.</summary>
    public bool TryReport(ScenarioId scenario, [NotNullWhen(true)] out LearningReport? report)
    {
        lock (_gate)
        {
            report = null;
            if (!_places.TryGetValue(scenario, out var place))
            {
                return false;
            }

            var steps = StepNow() + 1;
            report = new LearningReport(
                scenario.Value, Math.Round(Elapsed(), 1), _stepSeconds, _driftAt is { } at ? Math.Round(at, 1) : null, place.Version, place.Unmatched,
                [.. place.Policies.Values.Select(policy => policy.Report(steps)).OrderBy(policy => policy.Name is Decision.Learned ? 0 : 1)]);
            return true;
        }
    }

    private double Elapsed() => _start == 0 ? 0 : time.GetElapsedTime(_start).TotalSeconds;

    private int StepNow()
    {
        if (_start == 0)
        {
            _start = time.GetTimestamp();
        }

        var step = (int)(Elapsed() / _stepSeconds);
        while (step >= StepsMax)
        {
            _stepSeconds *= 2;
            _halvings++;
            step /= 2;
            foreach (var policy in _places.Values.SelectMany(place => place.Policies.Values))
            {
                policy.Halve();
            }
        }

        return step;
    }

    private Place PlaceOf(ScenarioId scenario)
    {
        if (!_places.TryGetValue(scenario, out var place))
        {
            _places[scenario] = place = new Place(Tables.GetValueOrDefault(scenario) ?? new RewardTable());
        }

        return place;
    }

    private sealed class Place(RewardTable table)
    {
        public RewardTable Table { get; } = table;

        public SortedDictionary<string, PolicyTally> Policies { get; } = new(StringComparer.Ordinal);

        public long Version { get; set; }

        public long Unmatched { get; set; }

        public PolicyTally PolicyOf(string name)
        {
            if (!Policies.TryGetValue(name, out var policy))
            {
                Policies[name] = policy = new PolicyTally(name);
            }

            return policy;
        }
    }

    private sealed class Remembered((string Scenario, string Policy) of, Place place, PolicyTally policy, int step, int halvings, int group)
    {
        private int _clicks;

        public (string Scenario, string Policy) Of => of;

        public Place Place => place;

        public PolicyTally Policy => policy;

        public int Step => step;

        public int Halvings => halvings;

        public int Group => group;

        /// <summary>How the count of clicked slates changes: it counts a slate once, however often it is clicked.</summary>
        public int Click(int sign)
        {
            var before = _clicks > 0;
            _clicks += sign;
            return (_clicks > 0 ? 1 : 0) - (before ? 1 : 0);
        }
    }
}
