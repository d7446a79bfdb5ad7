using System.Collections.Immutable;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Pretraining;
using AptRl.Model.Windows;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>AptRl itself, in one thread and without journals: what actors do in service, called one after the other.</summary>
/// <remarks>
/// The road is the same: <see cref="UserTimeline"/> judges, joins rewards and makes lessons; the encoder turns windows into
/// states; <see cref="DecisionMaker"/> decides by the published policy; the <see cref="Learner"/> takes the lessons and is
/// published every so many decisions. Different from service: lessons are taken at once, and nothing is ever busy or lost.
/// </remarks>
public sealed class AptRlShopkeeper : IShopkeeper
{
    private readonly AptRlShopkeeperOptions _options;
    private readonly WindowOptions _windows;
    private readonly ScenarioOptions _scenario;
    private readonly EncoderModel _encoder;
    private readonly IItemSpace _space;
    private readonly Catalogue _catalogue;
    private readonly Learner _learner;
    private readonly ShuffledRewards? _shuffled;
    private readonly ImmutableArray<ScenarioId> _taught;
    private readonly Dictionary<UserId, UserTimeline> _timelines = [];
    private LinearPolicy _policy;
    private int _sincePublication;
    private NextItemPrior? _prior;

    /// <summary>Takes its parts.</summary>
    /// <param name="encoder">Makes states; not disposed with this.</param>
    /// <param name="catalogue">What may be shown.</param>
    /// <param name="options">How it decides and learns.</param>
    public AptRlShopkeeper(EncoderModel encoder, ImmutableArray<Item> catalogue, AptRlShopkeeperOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_encoder, _options, _scenario) = (encoder, options, options.Scenario.Checked());
        (_space, _catalogue) = (new ItemSpace(encoder), Catalogue.Empty.With(catalogue));
        _learner = new Learner(_scenario.Learner);
        _policy = _learner.Policy();
        _windows = options.Window with
        {
            Scenarios = options.Window.Scenarios.SetItem(
                _scenario.Id, TeachingOptions.Of(_scenario.Learner)),
        };
        _taught = [_scenario.Id];
        _prior = options.PriorRows > 0 ? new NextItemPrior(encoder, _scenario, _catalogue, options.PriorEvery) : null;
        _shuffled = options.ShuffleRewards ? new ShuffledRewards(new Chance(options.Seed).Split("shuffled rewards")) : null;
    }

    /// <summary>Told each decision and what it was made from; for measurement.</summary>
    internal Action<PageView, DecisionContext, LinearPolicy, Decision>? Decided { get; set; }

    /// <inheritdoc/>
    public void Hear(Interaction interaction)
    {
        ArgumentNullException.ThrowIfNull(interaction);
        _prior?.Hear(interaction);
        var timeline = TimelineOf(interaction.User);
        if (timeline.Judge(interaction) is Verdict.Accept)
        {
            timeline.Apply(timeline.Accept(interaction, _taught));
            Teach(timeline);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShopSlate> Fill(IReadOnlyList<PageView> views, int count)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (_prior is { } prior)
        {
            _learner.StartFrom(prior.Prior(_options.PriorRows));
            _learner.Advance();
            _policy = _learner.Policy(_scenario.Diversity.ExposureMax);
            _prior = null;
        }

        UserTimeline[] timelines = [.. views.Select(view => TimelineOf(view.User))];
        var states = _encoder.Encode([.. timelines.Select(timeline => timeline.Window.Touches)]);
        var slates = new ShopSlate[views.Count];
        for (var i = 0; i < slates.Length; i++)
        {
            var (view, timeline) = (views[i], timelines[i]);
            var context = new DecisionContext(
                DecisionId.For(view.User, _scenario.Id, view.RequestId), view.RequestId, view.At, count, [], [], null,
                states[i], timeline.Window.Touches, timeline.Session, timeline.TimesShown(_scenario.Id));
            var decision = DecisionMaker.Decide(_scenario, context, _policy, _catalogue, _space);
            timeline.Apply(new DecisionMade(decision));
            Teach(timeline);
            Decided?.Invoke(view, context, _policy, decision);
            slates[i] = new ShopSlate(decision.Id.Value, [.. decision.Slate.Select(shown => shown.Item)]);
        }

        _sincePublication += slates.Length;
        return slates;
    }

    /// <inheritdoc/>
    public void Learn()
    {
        if (_sincePublication >= _options.PublishEvery)
        {
            _learner.Advance();
            _policy = _learner.Policy(_scenario.Diversity.ExposureMax);
            _sincePublication = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private UserTimeline TimelineOf(UserId user)
    {
        if (!_timelines.TryGetValue(user, out var timeline))
        {
            _timelines[user] = timeline = new UserTimeline(user, _windows);
        }

        return timeline;
    }

    private void Teach(UserTimeline timeline)
    {
        foreach (var (scenario, outbox) in timeline.Outboxes.ToArray())
        {
            foreach (var lesson in outbox.Lessons)
            {
                _learner.Learn(_shuffled?.Of(timeline, lesson) ?? lesson);
            }

            timeline.Apply(new LessonsSettled(scenario, outbox.Next - 1));
        }
    }
}
