using AptRl.Actors.Hosting;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Tests.Host.Demo;

/// <summary>All that Model knows of learning and deciding, in one process under one lock: no actors, nothing durable.</summary>
internal sealed class LearningPersonalizer(ScenarioOptions scenario, IEnumerable<Item> items, IItemSpace space, EncoderModel encoder) : PersonalizerDouble
{
    private const int LessonsPerPublication = 500;

    private readonly Lock _gate = new();
    private readonly WindowOptions _options = new();
    private readonly Dictionary<UserId, UserTimeline> _timelines = [];
    private readonly Learner _learner = new(scenario.Learner);
    private readonly Catalogue _catalogue = Catalogue.Empty.With(items);
    private LinearPolicy _policy = new Learner(scenario.Learner).Policy();
    private int _unpublished;

    public override Task<Observed> ObserveAsync(Interaction interaction, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var timeline = TimelineOf(interaction.User);
            var accepted = timeline.Accept(interaction, [scenario.Id]);
            var status = timeline.Judge(interaction) switch
            {
                Verdict.Accept => ObserveStatus.Accepted,
                Verdict.Duplicate => ObserveStatus.Duplicate,
                _ => ObserveStatus.Late,
            };
            if (status == ObserveStatus.Accepted)
            {
                timeline.Apply(accepted);
                Learn(timeline);
            }

            return Task.FromResult(new Observed(interaction.Id, status, accepted.Rewards.Length));
        }
    }

    public override Task<Recommended> RecommendAsync(RecommendRequest request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var timeline = TimelineOf(request.User);
            var window = timeline.Window.Touches;
            var context = new DecisionContext(
                DecisionId.For(request.User, request.Scenario, request.RequestId), request.RequestId, request.At, request.Count,
                request.Candidates, request.Exclude, request.Category, encoder.Encode([window])[0], window, TimesShown: null);
            var decision = Decider.Decide(scenario, context, _policy, _catalogue, space);
            timeline.Apply(new DecisionMade(decision));
            Learn(timeline);
            return Task.FromResult(new Recommended(decision));
        }
    }

    private void Learn(UserTimeline timeline)
    {
        foreach (var (id, outbox) in timeline.Outboxes.ToArray())
        {
            foreach (var lesson in outbox.Lessons.ToArray())
            {
                _learner.Learn(lesson);
                _unpublished++;
                timeline.Apply(new LessonsSettled(id, lesson.Number));
            }
        }

        if (_unpublished >= LessonsPerPublication)
        {
            _unpublished = 0;
            _learner.Advance();
            _policy = _learner.Policy();
        }
    }

    private UserTimeline TimelineOf(UserId user)
    {
        if (!_timelines.TryGetValue(user, out var timeline))
        {
            _timelines.Add(user, timeline = new UserTimeline(user, _options));
        }

        return timeline;
    }
}
