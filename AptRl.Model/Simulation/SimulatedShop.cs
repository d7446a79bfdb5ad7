using System.Collections.Immutable;
using System.Globalization;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Simulation;

/// <summary>A shop with shoppers whose every probability is known, so that a policy can be judged against the truth.</summary>
/// <remarks>
/// <para>A shopper comes back after an exponential time away with one category in mind, browses, and comes to page views
/// that have room for a slate. It looks at the slate from the top: position k, from 0, is examined with probability
/// <see cref="ExaminationProbability"/>, an examined item is clicked with its attraction, and the click opens the item's
/// page, so that a page view has at most one click (a position-based model, Richardson et al. 2007, that ends at the
/// first click). The attraction is half a logistic function of long-term taste, the session's category and the item's
/// quality, less what the shopper has had of that item already. A click may move what the session is about, and a page
/// view without one ends it sooner: what is shown now changes what can be earned later.</para>
/// <para>Every draw is keyed by seed, run, shopper and turn: what one shopper does depends on its own past and slates,
/// never on the order in which shoppers are served. There is no wall clock. Not safe for use by several threads at once.
/// docs/simulation.md has the equations.</para>
/// </remarks>
public sealed class SimulatedShop
{
    private const double PickFromListProbability = 0.25;
    private const double DismissProbability = 0.02;
    private const double SeenStep = 1.2;
    private const double BoughtStep = 4;

    private static readonly TimeSpan HistoryLead = TimeSpan.FromDays(30);

    private readonly ShopOptions _options;
    private readonly ShopperOptions _habits;
    private readonly ShopWorld _world;
    private readonly string _stream;
    private readonly PriorityQueue<Shopper, (DateTimeOffset At, int Number)> _waiting;
    private readonly Dictionary<UserId, Shopper> _shoppers = [];
    private readonly float[] _logits;
    private DateTimeOffset _drift;

    /// <summary>Opens a shop whose items and tastes are drawn from the seed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The options make no sense.</exception>
    public SimulatedShop(ShopOptions options)
        : this(options.Checked(), DrawnWorld.Of(options.Seed, options.ItemCount))
    {
    }

    /// <summary>Opens a shop whose items are fitted to real sessions; <see cref="ShopOptions.ItemCount"/> does not count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The options make no sense.</exception>
    public SimulatedShop(ShopOptions options, ShopFit fit)
        : this(options.Checked(), FittedWorld.Of(options.Seed, fit))
    {
    }

    internal SimulatedShop(ShopOptions options, ShopWorld world)
        : this(options, world, "run", options.StartAt)
    {
    }

    private SimulatedShop(ShopOptions options, ShopWorld world, string stream, DateTimeOffset startAt)
    {
        (_options, _habits, _world, Now) = (options, options.Shoppers, world, startAt);
        _logits = new float[world.Catalogue.Length];
        _stream = string.Create(CultureInfo.InvariantCulture, $"{stream}{options.Run}");
        _drift = options.DriftAfter is { } after ? options.StartAt + after : DateTimeOffset.MaxValue;
        _waiting = new PriorityQueue<Shopper, (DateTimeOffset, int)>(options.ShopperCount);

        var behaviour = new Chance(options.Seed).Split(_stream);
        for (var number = 0; number < options.ShopperCount; number++)
        {
            var segment = number % world.SegmentCount;
            var chance = behaviour.Split((ulong)number);
            var arrival = chance.Split("arrival");
            var shopper = new Shopper(
                number,
                chance,
                world.TasteOf(number, segment),
                world.TasteOf(number, (segment + 1) % world.SegmentCount),
                startAt + Exponential(options.AwayMean, ref arrival));
            _shoppers.Add(shopper.User, shopper);
            Wait(shopper);
        }
    }

    /// <summary>All that the shop sells.</summary>
    public ImmutableArray<Item> Catalogue => _world.Catalogue;

    /// <summary>How many shoppers there are, and so how many page views can be open at once.</summary>
    public int ShopperCount => _shoppers.Count;

    /// <summary>The shop's event time: that of the newest page view handed out.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>When tastes move, in event time; null where they never do.</summary>
    public DateTimeOffset? DriftAt => _drift == DateTimeOffset.MaxValue ? null : _drift;

    /// <summary>Probability that position k, from 0, is looked at, given that nothing above it was clicked: 1 / (1 + 0.25 k).</summary>
    public static double ExaminationProbability(int position) => 1 / (1 + 0.25 * position);

    /// <summary>Moves all tastes from this moment of event time on; a shopper that is in a session keeps what it came for.</summary>
    public void DriftFrom(DateTimeOffset at) => _drift = at;

    /// <summary>What the next shopper does, in order of event time; null while every shopper waits for a response.</summary>
    public ShopTurn? NextTurn()
    {
        if (!_waiting.TryDequeue(out var shopper, out _))
        {
            return null;
        }

        shopper.Turns++;
        var chance = shopper.ChanceOf("browse");
        var at = shopper.NextAt;
        var isFirst = !shopper.IsInSession;
        if (isFirst)
        {
            shopper.IsInSession = true;
            shopper.Sessions++;
            shopper.Intent = _world.DrawIntent(shopper.TasteAt(at, _drift), _habits.StrayIntent, ref chance);
        }

        var browsing = ImmutableArray.CreateBuilder<Interaction>();
        for (var more = isFirst || chance.NextDouble() < _habits.BrowseMore; more; more = chance.NextDouble() < _habits.BrowseMore)
        {
            var item = _world.DrawItem(shopper.TasteAt(at, _drift), shopper.Intent, ref chance);
            var kind = chance.NextDouble() < PickFromListProbability ? InteractionKind.SelectItem : InteractionKind.ViewItem;
            browsing.Add(Act(shopper, browsing.Count, kind, item, at));
            at = Open(shopper, item, at, browsing, offset: 0, recommendationId: null, position: null, ref chance);
        }

        shopper.Open = new PageView(shopper.User, at, TurnId(shopper), SessionId(shopper));
        Now = at > Now ? at : Now;
        return new ShopTurn(browsing.DrainToImmutable(), shopper.Open);
    }

    /// <summary>What the shopper does about a slate; after this it goes on with its session or leaves.</summary>
    /// <param name="view">A page view that was handed out and not yet responded to.</param>
    /// <param name="slate">What it is shown, first position first; empty where nothing was recommended.</param>
    /// <param name="recommendationId">The decision's id; null where there was none.</param>
    /// <returns>What it does, oldest first; a click carries the recommendation and the position.</returns>
    /// <exception cref="InvalidOperationException">The page view is not open.</exception>
    public ImmutableArray<Interaction> Respond(PageView view, IReadOnlyList<ItemId> slate, string? recommendationId)
    {
        var shopper = Looking(view);
        var chance = shopper.ChanceOf("respond");
        var actions = ImmutableArray.CreateBuilder<Interaction>();
        var at = view.At + Seconds(2, 15, ref chance);
        var clicked = false;
        for (var position = 0; position < slate.Count && !clicked; position++)
        {
            // Two draws per position, needed or not, so that what a position draws does not hang on those above it.
            var (examines, likes) = (chance.NextDouble(), chance.NextDouble());
            var item = _world.IndexOf(slate[position]);
            if (item < 0 || examines >= ExaminationProbability(position))
            {
                continue;
            }

            if (likes < AttractionOf(shopper, view, item))
            {
                clicked = true;
                Follow(shopper, item);
                actions.Add(Act(shopper, ResponseOffset + actions.Count, InteractionKind.SelectItem, item, at, recommendationId, position));
                at = Open(shopper, item, at, actions, ResponseOffset, recommendationId, position, ref chance);
            }
            else if (likes > 1 - DismissProbability / slate.Count)
            {
                actions.Add(Act(shopper, ResponseOffset + actions.Count, InteractionKind.Dismiss, item, at, recommendationId, position));
                shopper.Satiate(item, _habits.Satiation * BoughtStep, at);
                at += Seconds(1, 3, ref chance);
            }
        }

        Continue(shopper, clicked, at, actions, recommendationId, ref chance);
        return actions.DrainToImmutable();
    }

    /// <summary>Exact probability that the item is clicked at this position, from 0, given that nothing above it was.</summary>
    /// <exception cref="InvalidOperationException">The page view is not open.</exception>
    public double ClickProbability(PageView view, ItemId item, int position)
    {
        var shopper = Looking(view);
        var index = _world.IndexOf(item);
        return index < 0 ? 0 : ExaminationProbability(position) * AttractionOf(shopper, view, index);
    }

    /// <summary>Exact probability that the page view is clicked when this slate is shown: 1 - Π (1 - P(click at k)).</summary>
    /// <exception cref="InvalidOperationException">The page view is not open.</exception>
    public double ExpectedCtr(PageView view, IReadOnlyList<ItemId> slate)
    {
        var none = 1.0;
        for (var position = 0; position < slate.Count; position++)
        {
            none *= 1 - ClickProbability(view, slate[position], position);
        }

        return 1 - none;
    }

    /// <summary>The slate with the highest <see cref="ExpectedCtr"/>: the most attractive items, in that order.</summary>
    /// <remarks>
    /// -log(1 - e·a) grows with a and is supermodular in examination e and attraction a, so that pairing the largest with
    /// the largest is best (rearrangement inequality).
    /// </remarks>
    /// <exception cref="InvalidOperationException">The page view is not open.</exception>
    public ImmutableArray<ItemId> OracleSlate(PageView view, int count)
    {
        Score(Looking(view), view);
        return [.. new BestItems(count).InOrder(_logits).ToArray().Select(item => Catalogue[item].Id)];
    }

    /// <summary>A log of the same shoppers before the shop had recommendations, oldest first, to train a first encoder on.</summary>
    /// <remarks>It does not depend on the run, and moves nothing in this shop.</remarks>
    public IEnumerable<Interaction> History(int count)
    {
        var options = _options with { Run = 1, DriftAfter = null };
        var past = new SimulatedShop(options, _world, "history", options.StartAt - HistoryLead);
        var log = new List<Interaction>(count);
        while (log.Count < count)
        {
            var turn = past.NextTurn()!;
            log.AddRange(turn.Browsing);
            log.AddRange(past.Respond(turn.View, [], recommendationId: null));
        }

        return log.OrderBy(interaction => interaction.At).ThenBy(interaction => interaction.User.Value, StringComparer.Ordinal).Take(count);
    }

    // A turn's response is numbered after its browsing, which never comes near this many.
    private const int ResponseOffset = 1_000;

    /// <summary>How often each item is come across without us, up to a factor.</summary>
    internal IReadOnlyList<double> Popularity => _world.Popularity;

    /// <summary>Whether what is good has moved when this page is viewed.</summary>
    internal bool HasFashionMoved(PageView view) => FashionMoved(view.At);

    /// <summary>What the shopper of an open page view came for.</summary>
    internal int IntentOf(PageView view) => Looking(view).Intent;

    /// <summary>What the shopper of an open page view likes.</summary>
    internal Taste TasteOf(PageView view) => Looking(view).TasteAt(view.At, _drift);

    /// <summary>The world behind it.</summary>
    internal ShopWorld World => _world;

    /// <summary>How its shoppers behave.</summary>
    internal ShopperOptions Habits => _habits;

    /// <summary>Logits of all items for the shopper of an open page view, [N]; good until the next call.</summary>
    internal ReadOnlySpan<float> Logits(PageView view)
    {
        Score(Looking(view), view);
        return _logits;
    }

    /// <summary>What a shopper likes at a moment.</summary>
    internal Taste TasteOf(UserId user, DateTimeOffset at) => _shoppers[user].TasteAt(at, _drift);

    /// <summary>Attractions of all items if the session of an open page view were about this category, [N].</summary>
    internal double[] AttractionsIn(PageView view, int category)
    {
        Score(Looking(view), view, category);
        return Array.ConvertAll(_logits, logit => ShopWorld.Attraction(logit));
    }

    private void Score(Shopper shopper, PageView view) => Score(shopper, view, shopper.Intent);

    private void Score(Shopper shopper, PageView view, int intent)
    {
        _world.Logits(shopper.TasteAt(view.At, _drift), intent, FashionMoved(view.At), _logits);
        foreach (var item in shopper.Seen)
        {
            _logits[item] -= (float)shopper.SatiationOf(item, view.At);
        }
    }

    private double AttractionOf(Shopper shopper, PageView view, int item)
        => ShopWorld.Attraction(_world.Logit(shopper.TasteAt(view.At, _drift), shopper.Intent, FashionMoved(view.At), item)
            - (float)shopper.SatiationOf(item, view.At));

    private bool FashionMoved(DateTimeOffset at) => _options.FashionMoves && at >= _drift;

    // Drawn by a key of its own: whether a click can move a session changes nothing else that is drawn.
    private void Follow(Shopper shopper, int item)
    {
        var chance = shopper.ChanceOf("follow");
        if (chance.NextDouble() < _habits.FollowClick)
        {
            shopper.Intent = _world.CategoryOf(item);
        }
    }

    private Shopper Looking(PageView view)
        => _shoppers.TryGetValue(view.User, out var shopper) && shopper.Open == view
            ? shopper
            : throw new InvalidOperationException($"page view {view.RequestId} is not open: respond once to each that NextTurn hands out");

    /// <summary>The shopper reads an item's page, and may put the item in the cart and buy it.</summary>
    private DateTimeOffset Open(
        Shopper shopper, int item, DateTimeOffset at, ImmutableArray<Interaction>.Builder actions, int offset,
        string? recommendationId, int? position, ref Chance chance)
    {
        shopper.Satiate(item, _habits.Satiation * SeenStep, at);
        at += Seconds(5, 40, ref chance);
        if (chance.NextDouble() < _habits.Cart)
        {
            actions.Add(Act(shopper, offset + actions.Count, InteractionKind.AddToCart, item, at, recommendationId, position));
            at += Seconds(5, 20, ref chance);
            if (chance.NextDouble() < PurchaseProbability(item))
            {
                actions.Add(Act(
                    shopper, offset + actions.Count, InteractionKind.Purchase, item, at, recommendationId, position, Catalogue[item].Price));
                shopper.Satiate(item, _habits.Satiation * BoughtStep, at);
                at += Seconds(10, 60, ref chance);
            }
        }

        return at;
    }

    // What is dear is bought less often once it is in the cart.
    private double PurchaseProbability(int item)
        => _habits.Purchase * Math.Min(2, Math.Pow((Catalogue[item].Price ?? _world.TypicalPrice) / _world.TypicalPrice, -_habits.PriceElasticity));

    private void Continue(
        Shopper shopper, bool clicked, DateTimeOffset at, ImmutableArray<Interaction>.Builder actions, string? recommendationId, ref Chance chance)
    {
        shopper.Open = null;
        if (chance.NextDouble() >= (clicked ? _habits.LeaveAfterClick : _habits.LeaveAfterNone))
        {
            shopper.NextAt = at + Seconds(2, 20, ref chance);
        }
        else
        {
            // Half of those who leave close the app, which the shop sees; the others just never come back to the page.
            if (chance.NextDouble() < 0.5)
            {
                actions.Add(new Interaction(
                    EventIdOf(shopper, ResponseOffset + actions.Count), shopper.User, InteractionKind.SessionEnd, at, [],
                    SessionId(shopper), recommendationId: recommendationId));
            }

            shopper.IsInSession = false;
            shopper.NextAt = at + TimeSpan.FromMinutes(1) + Exponential(_options.AwayMean, ref chance);
        }

        Wait(shopper);
    }

    private Interaction Act(
        Shopper shopper, int number, InteractionKind kind, int item, DateTimeOffset at,
        string? recommendationId = null, int? position = null, double? value = null)
        => new(
            EventIdOf(shopper, number), shopper.User, kind, at, [Catalogue[item].Id],
            SessionId(shopper), value, recommendationId, position);

    private EventId EventIdOf(Shopper shopper, int number)
        => new(string.Create(CultureInfo.InvariantCulture, $"{TurnId(shopper)}-{number}"));

    private string TurnId(Shopper shopper)
        => string.Create(CultureInfo.InvariantCulture, $"{_stream}-{shopper.Number}-{shopper.Turns}");

    private string SessionId(Shopper shopper)
        => string.Create(CultureInfo.InvariantCulture, $"{_stream}-{shopper.Number}-s{shopper.Sessions}");

    private void Wait(Shopper shopper) => _waiting.Enqueue(shopper, (shopper.NextAt, shopper.Number));

    private static TimeSpan Seconds(double least, double most, ref Chance chance)
        => TimeSpan.FromMilliseconds(Math.Round(1000 * (least + (most - least) * chance.NextDouble())));

    private static TimeSpan Exponential(TimeSpan mean, ref Chance chance)
        => TimeSpan.FromSeconds(Math.Round(-mean.TotalSeconds * Math.Log(1 - chance.NextDouble())));
}
