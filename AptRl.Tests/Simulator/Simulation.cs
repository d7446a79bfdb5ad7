using System.Collections.Immutable;
using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Hosting;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Tests.Simulator;

/// <summary>One run of everything under one seed: first safety while anything may fail, then liveness when nothing does.</summary>
internal sealed class Simulation : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly ScenarioId Home = new("home");

    private static readonly TimeSpan LivenessMax = TimeSpan.FromSeconds(90);

    private readonly ulong _seed;
    private readonly Trace _trace;
    private readonly Loop _loop;
    private readonly Placement _placement;
    private readonly Cluster _cluster;
    private readonly Checks _checks;
    private readonly Faults _faults;
    private readonly ImmutableArray<Shopper> _shoppers;
    private Chance _chance;

    public Simulation(ulong seed, bool isCalm = false, Action<string>? listener = null)
    {
        _seed = seed;
        _chance = new Chance(seed);
        _trace = new Trace { Listener = listener };
        _loop = new Loop(_chance.Split("loop"), _trace);
        var network = new Network(_loop, _trace, _chance.Split("network"));
        var database = new Database(_loop, _trace, _chance.Split("database"));
        _placement = new Placement(_loop, _trace, network, _chance.Split("placement")) { Hasty = (isCalm ? 0 : 0.3) * _chance.Next(2) * _chance.NextDouble() };
        var options = Options(ref _chance);
        _checks = new Checks(_loop, _trace, database, options, Home);
        _cluster = new Cluster(
            3 + _chance.Next(3), _loop, _trace, network, database, _placement, options, (isCalm ? 0 : 0.1) * _chance.Next(2) * _chance.NextDouble(), _chance.Split("cluster"));
        ImmutableArray<UserId> users = [.. Enumerable.Range(0, 3 + _chance.Next(6)).Select(number => new UserId($"user-{number}"))];
        _shoppers = [.. users.Select(user => new Shopper(user, _cluster, _loop, _trace, _checks, _chance.Split(user.Value)) { IsAnsweredAtOnce = isCalm })];
        _faults = new Faults(_loop, _trace, network, database, _placement, _cluster, users, _chance.Split("faults")) { IsCalm = isCalm, IsHarsh = _chance.Next(2) == 0, EveryMax = 2 + _chance.Next(8) };
        _checks.MayDelete = user => _shoppers.First(shopper => shopper.User == user).MayBeDeleted();
    }

    public static IReadOnlyList<Item> Items { get; } = [.. Enumerable.Range(0, 12).Select(number => new Item(new ItemId($"item-{number:00}"), true, []))];

    /// <summary>Hash of all that happened.</summary>
    public ulong Hash => _trace.Hash;

    /// <summary>What was found wrong; null for nothing.</summary>
    public string? Fault => _loop.Fault;

    /// <summary>The last lines of what happened.</summary>
    public IEnumerable<string> Last => _trace.Last;

    /// <summary>What it was worth, in a few numbers.</summary>
    public string Summary
        => FormattableString.Invariant($"seed {_seed}: {_cluster.Processes.Count} processes, {_shoppers.Sum(shopper => shopper.Done)} answered, {_checks.Facts} facts, policy {_checks.Policy.Version}, {_loop.Steps} steps, {_loop.Now.TotalSeconds:F0} s");

    /// <summary>Runs it to its end or to the first fault.</summary>
    public void Run()
    {
        _cluster.StartAll();
        _checks.Start(_cluster.Processes[0].System);
        _placement.Start();
        Upsert(0);
        if (!_loop.RunUntil(() => _cluster.Ready.Count == _cluster.Count && _checks.Catalogue.Items.Count > 0, TimeSpan.FromSeconds(60)))
        {
            _loop.Fail("the nodes did not all start");
            return;
        }

        foreach (var shopper in _shoppers)
        {
            shopper.Begin();
        }

        Probe();
        _faults.Start();
        _loop.RunUntil(() => false, _loop.Now + TimeSpan.FromSeconds(20 + _chance.Next(60)));
        EndInPeace();
    }

    public void Dispose()
    {
        var ended = Task.WhenAll(_cluster.Processes.Select(process => process.CleanUp()));
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!ended.IsCompleted && System.Diagnostics.Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(5))
        {
            _loop.RunDry();
            Thread.Yield();
        }
    }

    private static AptRlOptions Options(ref Chance chance) => new()
    {
        DataDirectory = "nowhere",
        Model = null!, // the simulated encoder is in its place
        AgentsPerScenario = 1 + chance.Next(2),
        Scenarios = [new ScenarioOptions { Id = Home, Count = 2, ExcludePurchased = false }],
        Users = new UserOptions { IdleMax = TimeSpan.FromSeconds(2 + chance.Next(30)), SnapshotEvery = 3 + chance.Next(40) },
        Learner = new LearnerBatching
        {
            SizeMax = 1 + chance.Next(40), WaitingMax = 40 + chance.Next(400), SnapshotEvery = 3 + chance.Next(60), PublishEvery = TimeSpan.FromMilliseconds(100 + chance.Next(900)),
        },
        Node = new NodeOptions { EntryBytesMax = chance.Next(3) == 0 ? 1 : 65_536 },
    };

    // The shop tells of its items, some at a time, until it is over.
    private void Upsert(int number) => _loop.After(null, TimeSpan.FromSeconds(number == 0 ? 0.5 : 1 + _chance.Next(5)), () =>
    {
        if (_cluster.AnyReady() is { } node && !_shoppers[0].IsOver)
        {
            ImmutableArray<Item> items = number == 0 ? [.. Items] : [Items[_chance.Next(Items.Count)] with { Available = _chance.Next(3) > 0 }];
            node.Ask(node.Actors.Catalogue, new Upsert(items), TimeSpan.FromSeconds(10), repeats: false, answer =>
            {
                if (answer is Upserted && number > 0)
                {
                    _checks.Hold(_checks.Catalogue.Items.ContainsKey(items[0].Id), $"{items[0].Id} was answered to be in the catalogue and is not in its journal");
                }
            });
        }

        if (!_shoppers[0].IsOver)
        {
            Upsert(_checks.Catalogue.Items.Count == 0 ? 0 : number + 1);
        }
    });

    // Whoever has learned something is asked what, at any moment.
    private void Probe() => _loop.After(null, TimeSpan.FromMilliseconds(500), () =>
    {
        foreach (var node in _cluster.Ready)
        {
            Probe(node, node.Actors.Scenarios[Home].Told, $"the replica of {node}");
            Probe(node, node.HostOf($"learner-{Home}"), $"the learner of {node}");
        }

        Probe();
    });

    private void Probe(Node node, Akka.Actor.IActorRef asked, string who)
        => node.Ask(asked, LearnerStatus.Ask, TimeSpan.FromSeconds(2), repeats: false, answer =>
        {
            if (answer is LearnerView view)
            {
                _checks.Answered(who, view);
            }
        });

    private void EndInPeace()
    {
        var end = _loop.Now + LivenessMax;
        _faults.End();
        foreach (var shopper in _shoppers)
        {
            shopper.IsOver = true;
        }

        var policies = new Dictionary<Node, LearnerView>();
        var catalogues = new Dictionary<Node, Catalogue>();
        Until(Started, "not all nodes run");
        Until(() => _shoppers.All(shopper => shopper.UnderWay is null), $"not all was answered");

        // What was sent again, and is answered already, has arrived by then.
        var quiet = _loop.Now + TimeSpan.FromSeconds(15);
        Until(() => _loop.Now >= quiet, "time does not pass");

        // A lesson that nobody waits for is sent when its user is next woken.
        var views = new Dictionary<UserId, UserView>();
        foreach (var shopper in _shoppers)
        {
            Ask(shopper.User);
        }

        Until(() => views.Count == _shoppers.Length && _shoppers.All(shopper => _checks.OpenLessonsOf(shopper.User) == 0), "not all lessons were learned");
        Until(IsLevel, "not all replicas are level");
        foreach (var (user, view) in views)
        {
            var timeline = _checks.TimelineOf(user);
            _checks.Hold(
                view.WindowHash == timeline.Window.Hash(user).ToString("x32", null) && (view.Accepted, view.RewardsJoined, view.DecisionCount) == (timeline.Accepted, timeline.RewardsJoined, timeline.DecisionCount),
                $"{user} has {view.Accepted} events, {view.RewardsJoined} rewards, {view.DecisionCount} decisions, window {view.WindowHash[..8]}; the journal {timeline.Accepted}, {timeline.RewardsJoined}, {timeline.DecisionCount}, {timeline.Window.Hash(user).ToString("x32", null)[..8]}");
        }

        void Until(Func<bool> isSo, string otherwise)
        {
            if (!_loop.RunUntil(isSo, end) && _loop.Fault is null)
            {
                _loop.Fail($"{LivenessMax.TotalSeconds} s after all faults had ended {otherwise}{Details()}");
            }
        }

        bool Started()
        {
            _cluster.StartAll();
            return _cluster.Ready.Count == _cluster.Count && _placement.Members.Count == _cluster.Count && _placement.IsSettled;
        }

        void Ask(UserId user)
        {
            if (_cluster.AnyReady() is { } node)
            {
                node.Ask(node.Region, new UserOf(user), TimeSpan.FromSeconds(10), repeats: true, answer =>
                {
                    if (answer is UserView view)
                    {
                        views[user] = view;
                    }
                    else
                    {
                        Ask(user);
                    }
                });
            }
        }

        bool IsLevel()
        {
            var nodes = _cluster.Ready;
            if (nodes.All(node => policies.TryGetValue(node, out var policy) && policy.Updates == _checks.Updates && policy.Hash == _checks.Policy.Hash
                && catalogues.TryGetValue(node, out var catalogue) && Same(catalogue, _checks.Catalogue)))
            {
                return true;
            }

            if (_asked < _loop.Now)
            {
                _asked = _loop.Now + TimeSpan.FromMilliseconds(500);
                foreach (var node in nodes)
                {
                    node.Ask(node.Actors.Scenarios[Home].Told, LearnerStatus.Ask, TimeSpan.FromSeconds(1), repeats: false, answer =>
                    {
                        if (answer is LearnerView view)
                        {
                            policies[node] = view;
                        }
                    });
                    node.Ask(node.Actors.Catalogue, new CatalogueOf(), TimeSpan.FromSeconds(1), repeats: false, answer =>
                    {
                        if (answer is CatalogueChanged told)
                        {
                            catalogues[node] = told.Catalogue;
                        }
                    });
                }
            }

            return false;
        }

        string Details() => string.Concat(
            _shoppers.Where(shopper => shopper.UnderWay is not null).Select(shopper => $"; {shopper.User} waits for {shopper.UnderWay}")
                .Concat(_shoppers.Where(shopper => _checks.OpenLessonsOf(shopper.User) > 0).Select(shopper => $"; {_checks.OpenLessonsOf(shopper.User)} lessons of {shopper.User} are open"))
                .Concat(policies.Select(pair => $"; {pair.Key} is at entry {pair.Value.Updates} of {_checks.Updates}"))
                .Append($"; {_cluster.Ready.Count} of {_cluster.Count} nodes run"));
    }

    private TimeSpan _asked;

    private static bool Same(Catalogue one, Catalogue other)
        => one.Items.Count == other.Items.Count && one.Unavailable.SetEquals(other.Unavailable);
}
