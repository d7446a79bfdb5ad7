using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>What goes wrong, and when: drawn from the seed until it is told to end.</summary>
internal sealed class Faults(Loop loop, Trace trace, Network network, Database database, Placement placement, Cluster cluster, IReadOnlyList<UserId> users, Chance chance)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(3);

    private Chance _chance = chance;
    private bool _isOver;

    /// <summary>Whether the network may do what no single connection does: lose, double and disorder single messages.</summary>
    public bool IsHarsh { get; init; }

    /// <summary>Whether nothing fails: users move, nodes come and leave in order.</summary>
    public bool IsCalm { get; init; }

    /// <summary>Seconds between two faults at most.</summary>
    public int EveryMax { get; init; } = 6;

    /// <summary>Begins.</summary>
    public void Start() => loop.After(null, Seconds(0, EveryMax), () =>
    {
        if (!_isOver)
        {
            Draw();
            Start();
        }
    });

    /// <summary>Nothing goes wrong from now on, what went wrong is mended, and what ended is started again.</summary>
    public void End()
    {
        _isOver = true;
        trace.Write(loop.Now, "all faults end");
        network.Heal();
        (network.Loss, network.Twice, network.Disorder, network.Delay) = (0, 0, 0, Usual);
        (database.Failing, database.IsAway, database.Delay) = (0, false, Usual);
        placement.Hasty = 0;
    }

    private void Draw()
    {
        switch (IsCalm ? 9 + _chance.Next(3) : _chance.Next(IsHarsh ? 14 : 12))
        {
            case 0 or 1 or 2 when cluster.AnyReady() is { } node:
                cluster.Kill(node, "crash");
                After(2, 10, () => placement.Remove(node));
                StartAgain(node);
                break;
            case 3 or 4 when network.CutOff.Count == 0:
                Cut();
                break;
            case 5:
                Say("the database is away");
                database.IsAway = true;
                After(0.2, 8, () => database.IsAway = false);
                break;
            case 6:
                database.Failing = 0.02 + (0.3 * _chance.NextDouble());
                Say(FormattableString.Invariant($"{database.Failing:P0} of writes fail"));
                After(1, 8, () => database.Failing = 0);
                break;
            case 7:
                database.Delay = TimeSpan.FromMilliseconds(50 + _chance.Next(2_000));
                Say(FormattableString.Invariant($"the database takes up to {database.Delay.TotalMilliseconds} ms"));
                After(1, 8, () => database.Delay = Usual);
                break;
            case 8:
                network.Delay = TimeSpan.FromMilliseconds(20 + _chance.Next(2_000));
                Say(FormattableString.Invariant($"the network takes up to {network.Delay.TotalMilliseconds} ms"));
                After(1, 8, () => network.Delay = Usual);
                break;
            case 9 when cluster.Ready is { Count: > 1 } ready:
                Leave(ready[_chance.Next(ready.Count)]);
                break;
            case 10 or 11:
                placement.Move(users[_chance.Next(users.Count)]);
                break;
            case 12 or 13:
                (network.Loss, network.Twice, network.Disorder) = (_chance.NextDouble() * 0.2, _chance.NextDouble() * 0.2, _chance.NextDouble() * 0.2);
                Say(FormattableString.Invariant($"{network.Loss:P0} of messages are lost, {network.Twice:P0} come twice, {network.Disorder:P0} out of order"));
                After(1, 10, () => (network.Loss, network.Twice, network.Disorder) = (0, 0, 0));
                break;
            default:
                break;
        }
    }

    // The side with the majority removes the others if they are cut off for long enough, and these end when they notice it: sooner or
    // later than the others have begun in their place.
    private void Cut()
    {
        var ready = cluster.Ready.ToList();
        var size = (ready.Count - 1) / 2;
        if (size == 0)
        {
            return;
        }

        var lost = Enumerable.Range(0, 1 + _chance.Next(size)).Select(_ =>
        {
            var index = _chance.Next(ready.Count);
            var node = ready[index];
            ready.RemoveAt(index);
            return node;
        }).ToList();
        Say($"{string.Join(", ", lost)} are cut off");
        network.Cut(lost.Select(node => node.Process));
        After(1, 15, () =>
        {
            Say("all hear all again");
            network.Heal();
        });
        After(4, 12, () =>
        {
            foreach (var node in lost.Where(node => network.CutOff.Contains(node.Process)))
            {
                placement.Remove(node);
                After(0, 6, () =>
                {
                    cluster.Kill(node, "downed");
                    StartAgain(node);
                });
            }
        });
        After(4, 12, () =>
        {
            foreach (var node in lost.Where(node => network.CutOff.Contains(node.Process) && node.Process.IsAlive))
            {
                cluster.Kill(node, "downs itself");
                After(0, 4, () => placement.Remove(node));
                StartAgain(node);
            }
        });
    }

    private void Leave(Node node) => placement.Leave(node, () =>
    {
        cluster.Kill(node, "it has left");
        StartAgain(node);
    });

    private void StartAgain(Node node) => After(1, 8, () => cluster.Start(node.Index));

    private void After(double from, double to, Action action) => loop.After(null, Seconds(from, to), action);

    private TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + ((to - from) * _chance.NextDouble()));

    private void Say(string what) => trace.Write(loop.Now, what);
}
