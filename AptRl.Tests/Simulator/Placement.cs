using Akka.Actor;
using AptRl.Actors.Users;
using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>In the place of Akka's membership, shard coordinator and singletons: says who holds which users and writers.</summary>
/// <remarks>
/// It knows what the side with the majority knows. Nodes hear of it late, and those that are cut off do not: they go on with what
/// they held, beside those who took over. Who is removed is not listened to any more, as Akka's quarantine has it. Now and then a
/// writer begins before the one before it has ended, though both are heard: worse than Akka.
/// </remarks>
internal sealed class Placement(Loop loop, Trace trace, Network network, Chance chance)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly List<Node> _members = [];
    private readonly List<Node> _leaving = [];
    private readonly Dictionary<Node, TimeSpan> _told = [];
    private readonly Node?[] _owners = new Node?[UserRouter.ShardCount];
    private readonly Dictionary<int, Node> _moving = [];
    private readonly Dictionary<string, Node?> _writers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _writersMoving = new(StringComparer.Ordinal);
    private Chance _chance = chance;

    /// <summary>Who is in the cluster, oldest first.</summary>
    public IReadOnlyList<Node> Members => _members;

    /// <summary>Share of writers that begin elsewhere without waiting for the end of the one before.</summary>
    public double Hasty { get; set; }

    /// <summary>Whether everything is held by somebody.</summary>
    public bool IsSettled => _moving.Count == 0 && _writersMoving.Count == 0 && _members.Count > 0 && Array.TrueForAll(_owners, owner => owner is not null);

    /// <summary>Begins to watch.</summary>
    public void Start() => loop.After(null, Every, () =>
    {
        Settle();
        Start();
    });

    /// <summary>Who holds a writer; null for nobody for the moment.</summary>
    public Node? HolderOf(string writer) => _writers.GetValueOrDefault(writer);

    /// <summary>A node comes: some shards move to it.</summary>
    public void Join(Node node)
    {
        trace.Write(loop.Now, $"{node} joins");
        _members.Add(node);
        foreach (var writer in node.Writers)
        {
            _writers.TryAdd(writer, null);
        }

        for (var shard = 0; shard < _owners.Length; shard++)
        {
            if (_owners[shard] is not null && _chance.Next(_members.Count) == 0)
            {
                Move(shard, node);
            }
        }

        Settle();
    }

    /// <summary>A node is gone, or said to be: its users and writers begin elsewhere.</summary>
    public void Remove(Node node)
    {
        if (_members.Remove(node))
        {
            trace.Write(loop.Now, $"{node} is removed");
            network.Quarantine(node.Process);
            Settle();
        }
    }

    /// <summary>A node gives all away that it has; told when it has.</summary>
    public void Leave(Node node, Action left)
    {
        trace.Write(loop.Now, $"{node} leaves");
        _members.Remove(node);
        _leaving.Add(node);
        Settle();
        Look(hadGivenAll: false);

        // As Akka's region: the others have heard where its shards went, and what waits in it for them is on its way, before it ends.
        void Look(bool hadGivenAll) => loop.After(null, Every, () =>
        {
            if (_owners.Contains(node) || _moving.ContainsValue(node) || _writers.ContainsValue(node) || _writersMoving.ContainsValue(node))
            {
                Settle();
                Look(hadGivenAll: false);
            }
            else if (!hadGivenAll || (node.Process.IsAlive && node.Unplaced > 0))
            {
                TellAll();
                Look(hadGivenAll: true);
            }
            else
            {
                _leaving.Remove(node);
                left();
            }
        });
    }

    /// <summary>Moves a user's shard to another node, if there is one.</summary>
    public void Move(UserId user)
    {
        var shard = (int)(StableHash.Of(user.Value) % UserRouter.ShardCount);
        if (_members.Count > 0)
        {
            Move(shard, _members[_chance.Next(_members.Count)]);
        }
    }

    private void Move(int shard, Node to)
    {
        if (_owners[shard] is not { } from || from == to || _moving.ContainsKey(shard))
        {
            return;
        }

        _owners[shard] = null;
        _moving[shard] = from;
        AskFor(shard, from, to);
        TellAll();
    }

    private void AskFor(int shard, Node from, Node? to) => Tell(from, () => from.Region.Tell(new UserRegion.HandOff(shard, () => Hear(from, () =>
    {
        if (_moving.TryGetValue(shard, out var mover) && mover == from)
        {
            _moving.Remove(shard);
            _owners[shard] = to is not null && _members.Contains(to) ? to : Any();
            TellAll();
        }
    }))));

    // What nobody holds, or somebody who is gone, is given to others; what is under way is asked for again.
    private void Settle()
    {
        for (var shard = 0; shard < _owners.Length; shard++)
        {
            if (_moving.TryGetValue(shard, out var from))
            {
                if (!from.Process.IsAlive || (!_members.Contains(from) && !network.Hears(from.Process, Side())))
                {
                    _moving.Remove(shard);
                }
                else
                {
                    AskFor(shard, from, null);
                    continue;
                }
            }

            if (_owners[shard] is { } owner && !_members.Contains(owner))
            {
                if (owner.Process.IsAlive && network.Hears(owner.Process, Side()) && _members.Count > 0)
                {
                    // It leaves in order.
                    Move(shard, Any()!);
                    continue;
                }

                _owners[shard] = null;
            }

            if (!_moving.ContainsKey(shard))
            {
                _owners[shard] ??= Any();
            }
        }

        foreach (var writer in _writers.Keys.Order(StringComparer.Ordinal).ToList())
        {
            Settle(writer);
        }

        TellAll();
    }

    private void Settle(string writer)
    {
        if (_writersMoving.TryGetValue(writer, out var from))
        {
            if (from.Process.IsAlive && network.Hears(from.Process, Side()))
            {
                AskFor(writer, from);
                return;
            }

            _writersMoving.Remove(writer);
        }

        var holder = _writers[writer];
        if (holder is not null && !_members.Contains(holder))
        {
            _writers[writer] = null;
            if (holder.Process.IsAlive && network.Hears(holder.Process, Side()) && _chance.NextDouble() >= Hasty)
            {
                _writersMoving[writer] = holder;
                AskFor(writer, holder);
                return;
            }

            holder = null;
        }

        _writers[writer] = holder ?? _members.FirstOrDefault();
        foreach (var node in _members)
        {
            if (node == _writers[writer])
            {
                Tell(node, () => node.HostOf(writer).Tell(new WriterHost.Begin()));
            }
            else
            {
                Tell(node, () => node.HostOf(writer).Tell(new WriterHost.End(() => { })));
            }
        }
    }

    private void AskFor(string writer, Node from) => Tell(from, () => from.HostOf(writer).Tell(new WriterHost.End(() => Hear(from, () =>
    {
        if (_writersMoving.TryGetValue(writer, out var mover) && mover == from)
        {
            _writersMoving.Remove(writer);
            Settle(writer);
            TellAll();
        }
    }))));

    private void TellAll()
    {
        var owners = new UserRegion.Owners([.. _owners]);
        foreach (var node in _members.Concat(_leaving))
        {
            Tell(node, () => node.Region.Tell(owners));
            foreach (var (writer, holder) in _writers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Tell(node, () => node.WayTo(writer).Tell(new ToWriter.At(holder is null ? null : network.SeenFrom(node.Process, holder.Process, holder.HostOf(writer)))));
            }
        }
    }

    // News take a while, in order, and do not reach who is cut off.
    private void Tell(Node node, Action news)
    {
        var number = _told.GetValueOrDefault(node);
        var at = loop.Now + TimeSpan.FromMilliseconds(_chance.Next(200));
        at = at > number ? at : number;
        _told[node] = at;
        loop.After(node.Process, at - loop.Now, () =>
        {
            if (network.Hears(node.Process, Side()))
            {
                news();
            }
        });
    }

    private void Hear(Node node, Action news) => loop.After(node.Process, TimeSpan.FromMilliseconds(_chance.Next(200)), () =>
    {
        if (network.Hears(node.Process, Side()))
        {
            news();
        }
    });

    private Node? Any() => _members.Count == 0 ? null : _members[_chance.Next(_members.Count)];

    // Somebody on the side that goes on.
    private Process Side() => (_members.Find(node => !network.CutOff.Contains(node.Process)) ?? _members.FirstOrDefault())?.Process ?? new Process("nobody", loop);
}
