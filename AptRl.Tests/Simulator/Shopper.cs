using AptRl.Actors.Hosting;
using AptRl.Actors.Users;
using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>One user's events, page views, clicks and deletions, one after the other, each at any node; what is not answered is sent again.</summary>
internal sealed class Shopper(UserId user, Cluster cluster, Loop loop, Trace trace, Checks checks, Chance chance)
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    private readonly List<Interaction> _events = [];
    private readonly List<Decision> _decisions = [];
    private readonly Dictionary<string, Decision> _answers = new(StringComparer.Ordinal);
    private Chance _chance = chance;
    private int _number;
    private int _life;
    private int _openDeletions;

    public UserId User { get; } = user;

    /// <summary>Whether nothing is begun any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>What is under way; null for nothing.</summary>
    public string? UnderWay { get; private set; }

    /// <summary>Things that were answered at last.</summary>
    public int Done { get; private set; }

    /// <summary>Whether each question is asked once and must be answered.</summary>
    public bool IsAnsweredAtOnce { get; init; }

    /// <summary>How long to rest between two things at most.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The user's facts are deleted; gives whether a deletion was asked for that is not answered.</summary>
    public bool MayBeDeleted()
    {
        var may = _openDeletions > 0 || (_events.Count == 0 && _answers.Count == 0);
        ForgetAll();
        _life++;
        return may;
    }

    public void Begin() => loop.After(null, Rest * _chance.NextDouble(), () =>
    {
        if (!IsOver)
        {
            Next();
        }
    });

    private void Next()
    {
        _number++;
        switch (_chance.Next(40))
        {
            case < 10:
                See(new Interaction(Id("view"), User, _chance.Next(3) == 0 ? InteractionKind.Search : InteractionKind.ViewItem, At(), [Item()]));
                break;
            case < 22:
                Page($"page-{_number}");
                break;
            case < 33 when _decisions.Count > 0:
                var decision = _decisions[Math.Max(0, _decisions.Count - 1 - _chance.Next(3))];
                var position = _chance.Next(Math.Max(1, decision.Slate.Length));
                InteractionKind[] kinds = [InteractionKind.SelectItem, InteractionKind.SelectItem, InteractionKind.AddToCart, InteractionKind.Purchase, InteractionKind.Dismiss];
                See(decision.Slate.IsEmpty
                    ? new Interaction(Id("end"), User, InteractionKind.SessionEnd, At(), [])
                    : new Interaction(Id("click"), User, kinds[_chance.Next(kinds.Length)], At(), [decision.Slate[position].Item], value: 20, recommendationId: decision.Id.Value, position: position));
                break;
            case < 36 when _events.Count > 0:
                See(_events[_chance.Next(_events.Count)]);
                break;
            case < 39 when _decisions.Count > 0:
                Page(_decisions[_chance.Next(_decisions.Count)].RequestId);
                break;
            case 39 when _chance.Next(3) == 0:
                AskToBeDeleted();
                break;
            default:
                Page($"page-{_number}");
                break;
        }
    }

    private void See(Interaction interaction) => Do($"event {interaction.Id}", new Observe(interaction), answer =>
    {
        if (answer is not Observed observed)
        {
            return false;
        }

        checks.Answered(User, observed);
        if (observed.Status is ObserveStatus.Busy)
        {
            return false;
        }

        if (_events.TrueForAll(seen => seen.Id != interaction.Id))
        {
            _events.Add(interaction);
        }

        return true;
    });

    private void Page(string request)
    {
        var asked = new RecommendRequest(User, Simulation.Home, request, At(), 2, [], []);
        Do($"request {request}", new Recommend(asked), answer =>
        {
            if (answer is not Recommended { Decision: { } decision })
            {
                return false;
            }

            checks.Answered(decision, _answers.GetValueOrDefault(request));
            if (_answers.TryAdd(request, decision))
            {
                _decisions.Add(decision);
            }

            return true;
        });
    }

    private void AskToBeDeleted()
    {
        Do("deletion", new Delete(User), answer =>
        {
            if (answer is not Deleted)
            {
                return false;
            }

            ForgetAll();
            checks.Hold(checks.TimelineOf(User) is { Accepted: 0, DecisionCount: 0 }, $"{User} was answered to be deleted, and something of the user is in the journal");
            return true;
        });
    }

    private void ForgetAll()
    {
        _events.Clear();
        _decisions.Clear();
        _answers.Clear();
    }

    // Sent at once to one or two nodes, and again when the answer is no answer, or none came. Each answer is looked at, also one that came too late.
    private void Do(string what, IForUser question, Func<object?, bool> take)
    {
        var life = _life;
        UnderWay = what;
        trace.Write(loop.Now, $"{User} begins {what}");
        Send();
        if (question is not Delete && _chance.Next(6) == 0)
        {
            Send();
        }

        void Send()
        {
            if (UnderWay != what)
            {
                return;
            }

            life = _life;

            var isAnswered = false;
            if (cluster.AnyReady() is { } node)
            {
                _openDeletions += question is Delete ? 1 : 0;
                node.Ask(node.Region, question, AskTimeout, repeats: question is not Delete && !IsAnsweredAtOnce, answer => loop.After(node.Process, TimeSpan.FromMilliseconds(_chance.Next(5)), () =>
                {
                    if (isAnswered)
                    {
                        return;
                    }

                    isAnswered = true;
                    _openDeletions -= answer is Deleted ? 1 : 0;
                    checks.Hold(answer is not null || !IsAnsweredAtOnce, $"{User} was not answered: {what}");
                    Hear(answer);
                }));
            }

            loop.After(null, AskTimeout + TimeSpan.FromSeconds(1), () =>
            {
                if (!isAnswered)
                {
                    isAnswered = true;
                    Hear(null);
                }
            });
        }

        void Hear(object? answer)
        {
            // What was answered before a deletion that had been asked for earlier says nothing of the time after it.
            if ((_life != life && question is not Delete) || !take(answer))
            {
                loop.After(null, TimeSpan.FromMilliseconds(100 + _chance.Next(900)), Send);
            }
            else if (UnderWay == what)
            {
                trace.Write(loop.Now, $"{User} has {what} answered: {Words.Of(answer!)}");
                UnderWay = null;
                Done++;
                Begin();
            }
        }
    }

    private EventId Id(string kind) => new($"{kind}-{_number}");

    private DateTimeOffset At() => Simulation.Noon + loop.Now - TimeSpan.FromSeconds(_chance.Next(4) == 0 ? _chance.Next(20) : 0);

    private ItemId Item() => Simulation.Items[_chance.Next(Simulation.Items.Count)].Id;
}
