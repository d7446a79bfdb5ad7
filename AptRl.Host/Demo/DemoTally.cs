using AptRl.Actors.Hosting;
using AptRl.Host.Learning;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;

namespace AptRl.Host.Demo;

/// <summary>Counts what a demo shows. Safe for use by several threads at once.</summary>
/// <remarks>
/// Click-through rate here: page views on which an item of the slate was clicked / page views. A shopper clicks at most
/// one item of a slate, as the click opens the item's page, so this is also clicks / page views.
/// </remarks>
/// <param name="learning">Told the truth about each slate, for the dashboard; null where nobody looks.</param>
internal sealed class DemoTally(TimeProvider time, ulong seed, LearningTally? learning = null)
{
    /// <summary>Steps kept of a policy's series; when they are used up, each two become one.</summary>
    internal const int StepsMax = 120;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PolicyTally> _policies = new(StringComparer.Ordinal);
    private readonly long[] _answers = new long[(int)ObserveStatus.Rejected + 1];
    private long _start = time.GetTimestamp();
    private long _busy;
    private long _rewards;
    private long _policyVersion;
    private double _best;
    private double? _driftAt;
    private int _stepSeconds = 1;

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Time counts from here.</summary>
    public void Start() => _start = time.GetTimestamp();

    /// <summary>Tastes moved now.</summary>
    public void Drifted()
    {
        learning?.Drifted();
        lock (_gate)
        {
            _driftAt = Elapsed.TotalSeconds;
        }
    }

    /// <summary>Something was not taken and will be sent again.</summary>
    public void Busy() => Interlocked.Increment(ref _busy);

    /// <summary>An interaction was answered.</summary>
    public void Observed(Observed answer)
    {
        lock (_gate)
        {
            _answers[(int)answer.Status]++;
            _rewards += answer.RewardsJoined;
        }
    }

    /// <summary>A slate was shown.</summary>
    /// <param name="expected">Exact probability that it would be clicked.</param>
    /// <param name="best">Exact probability that the best slate for this page view would have been.</param>
    public void Served(Decision decision, bool clicked, double expected, double best)
    {
        learning?.Truth(decision, expected, best);
        lock (_gate)
        {
            var step = (int)(Elapsed.TotalSeconds / _stepSeconds);
            while (step >= StepsMax)
            {
                _stepSeconds *= 2;
                step /= 2;
                foreach (var policy in _policies.Values)
                {
                    policy.HalveSeries();
                }
            }

            if (!_policies.TryGetValue(decision.Policy, out var tally))
            {
                _policies.Add(decision.Policy, tally = new PolicyTally());
            }

            tally.Add(decision.User, step, clicked, expected);
            _best += best;
            _policyVersion = Math.Max(_policyVersion, decision.PolicyVersion);
        }
    }

    /// <summary>All figures as of now.</summary>
    /// <param name="resamples">Of the bootstrap behind each interval.</param>
    public DemoReport Report(int resamples)
    {
        lock (_gate)
        {
            var seconds = Elapsed.TotalSeconds;
            var decisions = _policies.Values.Sum(policy => policy.Decisions);
            return new DemoReport(
                [.. _policies
                    .Select(policy => policy.Value.Report(policy.Key, resamples, new Chance(seed).Split(policy.Key)))
                    .OrderByDescending(policy => policy.Ctr.Mean).ThenBy(policy => policy.Name, StringComparer.Ordinal)],
                decisions == 0 ? null : _best / decisions,
                seconds,
                decisions,
                _answers.Sum(),
                _answers[(int)ObserveStatus.Accepted],
                _answers[(int)ObserveStatus.Duplicate],
                _answers[(int)ObserveStatus.Late],
                Interlocked.Read(ref _busy),
                _rewards,
                _policyVersion,
                _driftAt,
                _stepSeconds);
        }
    }

    private sealed class PolicyTally
    {
        private readonly Dictionary<UserId, Cluster> _users = [];
        private readonly Cluster[] _series = new Cluster[StepsMax];
        private int _lastStep;
        private double _expected;

        public long Decisions { get; private set; }

        public void Add(UserId user, int step, bool clicked, double expected)
        {
            var hit = clicked ? 1 : 0;
            _users[user] = Plus(_users.GetValueOrDefault(user), new Cluster(hit, 1));
            _series[step] = Plus(_series[step], new Cluster(hit, 1));
            _lastStep = Math.Max(_lastStep, step);
            _expected += expected;
            Decisions++;
        }

        public void HalveSeries()
        {
            for (var step = 0; step < StepsMax / 2; step++)
            {
                _series[step] = Plus(_series[2 * step], _series[2 * step + 1]);
            }

            Array.Clear(_series, StepsMax / 2, StepsMax / 2);
            _lastStep /= 2;
        }

        public PolicyReport Report(string name, int resamples, Chance chance)
            => new(
                name,
                Decisions,
                _users.Count,
                _users.Values.Sum(user => user.Hits),
                ClusteredBootstrap.Of([.. _users.Values], resamples, chance),
                _expected / Decisions,
                [.. _series.Take(_lastStep + 1).Select(step => step.Trials == 0 ? (double?)null : (double)step.Hits / step.Trials)]);

        private static Cluster Plus(Cluster left, Cluster right) => new(left.Hits + right.Hits, left.Trials + right.Trials);
    }
}
