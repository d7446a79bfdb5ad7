using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Model.Pretraining;

/// <summary>Makes a <see cref="RidgePrior"/> of a log: at touches of it, the candidates that would have been scored, and which of them came next.</summary>
/// <remarks>
/// The log runs through a timeline, a learner of its own and the encoder as it would in service, so that features have the values
/// that they have there. What nobody was shown, nobody could click: the touch that came next in the session stands for a click on
/// a candidate. So the prior knows what comes next and not what is earned by showing it; features of showings are constant in it.
/// </remarks>
public sealed class NextItemPrior
{
    private const int PublishEvery = 256;

    private readonly EncoderModel _encoder;
    private readonly ItemSpace _space;
    private readonly ScenarioOptions _scenario;
    private readonly Catalogue _catalogue;
    private readonly int _every;
    private readonly WindowOptions _windows = new();
    private readonly Learner _learner;
    private readonly RidgeStatistics _statistics = new();
    private readonly Dictionary<UserId, UserTimeline> _timelines = [];
    private LinearPolicy _policy;
    private long _heard;

    /// <summary>Nothing heard yet.</summary>
    /// <param name="encoder">Makes the states; not disposed with this.</param>
    /// <param name="scenario">Where candidates would be found.</param>
    /// <param name="catalogue">What may be shown.</param>
    /// <param name="every">Of so many touches one is looked at.</param>
    public NextItemPrior(EncoderModel encoder, ScenarioOptions scenario, Catalogue catalogue, int every)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        (_encoder, _space, _scenario, _catalogue, _every) = (encoder, new ItemSpace(encoder), scenario, catalogue, every);
        _learner = new Learner(scenario.Learner with { Kind = LearnerKind.Ridge, Prior = null });
        _policy = _learner.Policy();
    }

    /// <summary>Touches looked at.</summary>
    public long Questions { get; private set; }

    /// <summary>Of those, how often the item that came next was a candidate.</summary>
    public long Answered { get; private set; }

    /// <summary>The prior so far.</summary>
    /// <param name="rows">What it weighs.</param>
    public RidgePrior Prior(double rows) => new(_statistics.Copy(), rows);

    /// <summary>Hears the next interaction of the log, in order of time.</summary>
    public void Hear(Interaction interaction)
    {
        ArgumentNullException.ThrowIfNull(interaction);
        if (!_timelines.TryGetValue(interaction.User, out var timeline))
        {
            _timelines[interaction.User] = timeline = new UserTimeline(interaction.User, _windows);
        }

        if (timeline.Judge(interaction) is not Verdict.Accept)
        {
            return;
        }

        var goesOn = timeline.NewestAt is { } newest && interaction.At - newest <= _windows.SessionGap;
        if (goesOn && interaction is { Kind: InteractionKind.ViewItem or InteractionKind.SelectItem, Items: [var next, ..] } && _heard++ % _every == 0)
        {
            Ask(timeline, interaction, next);
        }

        timeline.Apply(timeline.Accept(interaction, [_scenario.Id]));
        foreach (var (scenario, outbox) in timeline.Outboxes.ToArray())
        {
            foreach (var lesson in outbox.Lessons)
            {
                _learner.Learn(lesson);
            }

            timeline.Apply(new LessonsSettled(scenario, outbox.Next - 1));
        }

        if (_learner.Lessons % PublishEvery == 0)
        {
            _learner.Advance();
            _policy = _learner.Policy();
        }
    }

    private void Ask(UserTimeline timeline, Interaction interaction, ItemId next)
    {
        var window = timeline.Window.Touches;
        var context = new DecisionContext(
            DecisionId.For(timeline.User, _scenario.Id, interaction.Id.Value), interaction.Id.Value, interaction.At, _scenario.Count, [], [], null,
            _encoder.Encode([window])[0], window, timeline.Session, null);
        var neighbours = DecisionMaker.NeighboursOf(context, _policy);
        var (items, _) = Candidates.For(_scenario, Decision.Learned, context, _policy, _catalogue, _space, neighbours);
        var features = new Features(context, _policy, _space, _catalogue, neighbours);
        Span<float> numbers = stackalloc float[FeatureVector.Length];
        Questions++;
        foreach (var item in items)
        {
            features.Fill(item, numbers);
            var vector = FeatureVector.From(numbers);
            _statistics.AddShown(vector);
            if (item == next)
            {
                _statistics.AddReward(vector, RewardType.Click, FeatureVector.One);
                Answered++;
            }
        }
    }
}
