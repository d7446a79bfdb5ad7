using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AptRl.Actors.Users;

namespace AptRl.Tests.Simulator;

/// <summary>In the place of Akka's shard region: holds this node's users and sends on what is for others.</summary>
/// <remarks>
/// It does what the real one promises: what comes for a shard that moves, or for a user who is about to rest, waits; what was in
/// the hands of a user that stopped by itself is lost. Where a shard is it is told by <see cref="Placement"/>, late.
/// </remarks>
internal sealed class UserRegion : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan HandOffMax = TimeSpan.FromSeconds(30);

    private readonly Node _node;
    private readonly Network _network;
    private readonly Func<string, Props> _users;
    private readonly UserRouter _router = new();
    private readonly Dictionary<string, Entity> _awake = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Action> _handingOff = [];
    private ImmutableArray<Node?> _owners = [.. new Node?[UserRouter.ShardCount]];
    private List<(IForUser Message, IActorRef Sender)> _unplaced = [];

    public UserRegion(Node node, Network network, Func<string, Props> users, TimeSpan idleMax)
    {
        (_node, _network, _users) = (node, network, users);
        Receive<IForUser>(message => Route(message, Sender));
        Receive<Owners>(owners =>
        {
            _owners = owners.Of;
            RouteUnplaced();
        });
        Receive<HandOff>(handOff => Start(handOff));
        Receive<HandOffOver>(over => StopUsersOf(over.Shard));
        Receive<Passivate>(passivate =>
        {
            if (_awake.Values.FirstOrDefault(entity => entity.Actor.Equals(Sender)) is { } entity)
            {
                entity.IsStopping = true;
            }

            Sender.Tell(passivate.StopMessage);
        });
        Receive<Terminated>(terminated => End(terminated.ActorRef));
        Receive<LookForIdle>(_ =>
        {
            foreach (var entity in _awake.Values.Where(entity => !entity.IsStopping && node.Process.Loop.Now - entity.At > idleMax))
            {
                Retire(entity);
            }
        });
        Timers.StartPeriodicTimer(LookForIdle.Now, LookForIdle.Now, idleMax / 2);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    // A user's actor that fails is not started again: it has stopped itself where its journal failed.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    private void Route(IForUser message, IActorRef sender)
    {
        var shard = ShardOf(message.User.Value);
        if (_handingOff.ContainsKey(shard) || _owners[shard] is not { } owner)
        {
            _unplaced.Add((message, sender));
            _node.Unplaced = _unplaced.Count;
        }
        else if (owner == _node)
        {
            Give(message, sender);
        }
        else
        {
            _network.SeenFrom(_node.Process, owner.Process, owner.Region).Tell(message, sender);
        }
    }

    private void Give(IForUser message, IActorRef sender)
    {
        var user = message.User.Value;
        if (!_awake.TryGetValue(user, out var entity))
        {
            entity = new Entity(user, Context.Watch(Context.ActorOf(_users(user), Uri.EscapeDataString(user))));
            _awake[user] = entity;
        }

        entity.At = _node.Process.Loop.Now;
        if (entity.IsStopping)
        {
            entity.Waiting.Add((message, sender));
        }
        else
        {
            entity.Actor.Tell(message, sender);
        }
    }

    private void End(IActorRef actor)
    {
        if (_awake.Values.FirstOrDefault(entity => entity.Actor.Equals(actor)) is not { } ended)
        {
            return;
        }

        _awake.Remove(ended.User);
        ended.Waiting.ForEach(waiting => Route(waiting.Message, waiting.Sender));
        EndHandOff(ShardOf(ended.User));
    }

    private void Start(HandOff handOff)
    {
        if (_handingOff.TryAdd(handOff.Shard, handOff.Done))
        {
            Timers.StartSingleTimer(handOff.Shard, new HandOffOver(handOff.Shard), HandOffMax);
            foreach (var entity in _awake.Values.Where(entity => ShardOf(entity.User) == handOff.Shard).ToList())
            {
                Retire(entity);
            }
        }

        EndHandOff(handOff.Shard);
    }

    private void EndHandOff(int shard)
    {
        if (_handingOff.TryGetValue(shard, out var done) && !_awake.Keys.Any(user => ShardOf(user) == shard))
        {
            _handingOff.Remove(shard);
            Timers.Cancel(shard);
            _owners = _owners.SetItem(shard, null);
            done();
        }
    }

    private void StopUsersOf(int shard)
    {
        foreach (var entity in _awake.Values.Where(entity => ShardOf(entity.User) == shard).ToList())
        {
            Context.Stop(entity.Actor);
        }
    }

    private void RouteUnplaced()
    {
        var unplaced = _unplaced;
        _unplaced = [];
        _node.Unplaced = 0;
        unplaced.ForEach(waiting => Route(waiting.Message, waiting.Sender));
    }

    private static void Retire(Entity entity)
    {
        entity.IsStopping = true;
        entity.Actor.Tell(AptRl.Actors.Users.Retire.Instance);
    }

    private int ShardOf(string user) => int.Parse(_router.ShardId(user), System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Entity(string user, IActorRef actor)
    {
        public string User { get; } = user;

        public IActorRef Actor { get; } = actor;

        public List<(IForUser Message, IActorRef Sender)> Waiting { get; } = [];

        public TimeSpan At { get; set; }

        public bool IsStopping { get; set; }
    }

    /// <summary>Whose each shard is, as far as is known here; null for nobody's yet.</summary>
    internal sealed record Owners(ImmutableArray<Node?> Of);

    /// <summary>Give a shard away; done is called when none of its users is awake any more.</summary>
    internal sealed record HandOff(int Shard, Action Done);

    private sealed record HandOffOver(int Shard);

    private sealed record LookForIdle
    {
        public static readonly LookForIdle Now = new();
    }
}
