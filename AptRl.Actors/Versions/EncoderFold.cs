using System.Collections.Immutable;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Persistence;
using AptRl.Actors.Users;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Versions;
using AptRl.Model.Windows;

namespace AptRl.Actors.Versions;

/// <summary>A logged decision where an encoder sees it.</summary>
/// <param name="Decision">As it was logged.</param>
/// <param name="State">What the encoder says of the window it was decided with, [D].</param>
/// <param name="Timeline">The user as of then.</param>
/// <param name="Learner">The scenario's learner as of then, with the encoder's rows.</param>
/// <param name="Catalogue">The catalogue as of then.</param>
public sealed record DecisionSeen(Decision Decision, float[] State, UserTimeline Timeline, LearnerJournal Learner, Catalogue Catalogue);

/// <summary>A journal as another encoder would have seen it: windows encoded anew, and what each decision taught learned anew.</summary>
/// <remarks>
/// Facts are taken in the journal's order. Each decision's window is encoded and its slate described again; the timelines then give
/// the lessons that follow, and a learner takes each where the journal says that the live one took it: so what is learned is
/// what the live learner would have, had this encoder described the same slates. Windows are encoded in batches; a state does not
/// depend on its batch.
/// An event that came while a decision was being made is in the window that is encoded, though it was not in the one decided with.
/// Lessons of users who were deleted cannot be described again: the regression has nothing of them (<see cref="Lost"/>).
/// </remarks>
public sealed class EncoderFold
{
    private const int FactsAtOnce = 512;

    private readonly EncoderModel _model;
    private readonly ItemSpace _space;
    private readonly WindowOptions _windows;
    private readonly Func<Decision, bool> _isSeen;
    private readonly Action<DecisionSeen> _onSeen;
    private readonly Dictionary<string, InteractionWindow> _windowOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserTimeline> _timelines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScenarioId> _scenarioOf;
    private readonly List<(string Name, object Fact)> _facts = new(FactsAtOnce);
    private Catalogue _catalogue = Catalogue.Empty;

    /// <summary>Starts with nothing.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="windows">The bounds that the journal was written under.</param>
    /// <param name="scenarios">The scenarios to learn anew.</param>
    /// <param name="isSeen">Which decisions <paramref name="onSeen"/> is told.</param>
    /// <param name="onSeen">Told a decision before it is taken.</param>
    public EncoderFold(
        EncoderModel model, WindowOptions windows, ImmutableArray<ScenarioOptions> scenarios, Func<Decision, bool> isSeen, Action<DecisionSeen> onSeen)
    {
        (_model, _space, _windows, _isSeen, _onSeen) = (model, new ItemSpace(model), windows, isSeen, onSeen);
        _scenarioOf = scenarios.ToDictionary(scenario => LearnerActor.PersistenceIdOf(scenario.Id), scenario => scenario.Id, StringComparer.Ordinal);
        Learners = scenarios.ToImmutableDictionary(scenario => scenario.Id, scenario => new LearnerJournal(scenario.StartingFrom(model.Prior).Learner));
    }

    /// <summary>What each scenario learned.</summary>
    public ImmutableDictionary<ScenarioId, LearnerJournal> Learners { get; }

    /// <summary>Windows encoded.</summary>
    public long Encoded { get; private set; }

    /// <summary>Lessons whose decision is no longer in the journal.</summary>
    public long Lost { get; private set; }

    /// <summary>Reads the journal of a running system from its beginning and learns all of it anew.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="model">The encoder.</param>
    /// <param name="windows">The bounds that the journal was written under.</param>
    /// <param name="scenarios">The scenarios to learn anew.</param>
    /// <param name="onFact">Told the number of facts read so far, now and then.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<EncoderFold> ReadAsync(
        ActorSystem system, EncoderModel model, WindowOptions windows, ImmutableArray<ScenarioOptions> scenarios, Action<long> onFact,
        CancellationToken cancellation)
    {
        var fold = new EncoderFold(model, windows, scenarios, _ => false, _ => { });
        await JournalFacts.ReadAsync(system, envelope => fold.Take(envelope.PersistenceId, envelope.Event), onFact, cancellation).ConfigureAwait(false);
        fold.Finish();
        return fold;
    }

    /// <summary>Takes a fact, in the journal's order.</summary>
    public void Take(string persistenceId, object fact)
    {
        if (fact is IUserFact or EncoderTookOver or LessonsLearned or ItemsUpserted)
        {
            _facts.Add((persistenceId, fact));
            if (_facts.Count == FactsAtOnce)
            {
                Flush();
            }
        }
    }

    /// <summary>Takes what is left, publishes, and takes what the live learner will not when it comes: lessons under way that another encoder described.</summary>
    public void Finish()
    {
        Flush();
        foreach (var learner in Learners.Values)
        {
            learner.Publish();
        }

        foreach (var (scenario, outbox) in _timelines.Values.SelectMany(timeline => timeline.Outboxes))
        {
            foreach (var lesson in outbox.Lessons.Where(lesson => lesson.Encoder is { } other && other != _model.Version))
            {
                Learners.GetValueOrDefault(scenario)?.Learner.LearnRows(lesson);
            }
        }
    }

    /// <summary>The fact that this encoder takes over a scenario with what was learned.</summary>
    public EncoderTookOver TookOver(ScenarioId scenario)
    {
        var image = Learners[scenario].Learner.Image();
        return new EncoderTookOver(_model.Version, image.Buckets, image.Forgotten);
    }

    private void Flush()
    {
        var states = States();
        for (var at = 0; at < _facts.Count; at++)
        {
            var (name, fact) = _facts[at];
            switch (fact)
            {
                case IUserFact of:
                    Apply(name, of, states[at]);
                    break;
                case LessonsLearned learned when _scenarioOf.TryGetValue(name, out var scenario):
                    Learners[scenario].Apply(learned with { Lessons = [.. learned.Lessons.Select(lesson => Again(scenario, lesson))] });
                    break;
                case ItemsUpserted upserted:
                    _catalogue = _catalogue.With(upserted.Items);
                    break;
                case EncoderTookOver when _scenarioOf.TryGetValue(name, out var scenario):
                    Learners[scenario].Publish();
                    break;
            }
        }

        _facts.Clear();
    }

    // Windows do not depend on decisions, so those of many facts are known before the first is taken, and are one batch.
    private float[]?[] States()
    {
        var places = new List<int>();
        var windows = new List<ImmutableArray<Touch>>();
        for (var at = 0; at < _facts.Count; at++)
        {
            var (name, fact) = _facts[at];
            if (fact is not (InteractionAccepted or DecisionMade))
            {
                continue;
            }

            var window = _windowOf.TryGetValue(name, out var known) ? known : InteractionWindow.Empty(_windows);
            if (fact is InteractionAccepted accepted)
            {
                _windowOf[name] = window.Apply(accepted.Interaction);
            }
            else if (fact is DecisionMade { Decision: var decision } && Learners.ContainsKey(decision.Scenario)
                && (decision.ModelVersion != _model.Version || _isSeen(decision)))
            {
                places.Add(at);
                windows.Add(window.Touches);
            }
        }

        Encoded += places.Count;
        var states = new float[]?[_facts.Count];
        foreach (var (place, state) in places.Zip(_model.Encode(windows), ValueTuple.Create))
        {
            states[place] = state;
        }

        return states;
    }

    private void Apply(string name, IUserFact fact, float[]? state)
    {
        if (!_timelines.TryGetValue(name, out var timeline))
        {
            _timelines[name] = timeline = new UserTimeline(UserActor.UserOf(name), _windows);
        }

        if (fact is DecisionMade { Decision: var decision } && state is not null)
        {
            if (_isSeen(decision))
            {
                _onSeen(new DecisionSeen(decision, state, timeline, Learners[decision.Scenario], _catalogue));
            }

            fact = new DecisionMade(Reencoding.Under(decision, state, _space));
        }

        timeline.Apply(fact);
        foreach (var (scenario, outbox) in timeline.Outboxes.Where(pair => pair.Value.Lessons.Count > 0 && !Learners.ContainsKey(pair.Key)).ToList())
        {
            timeline.Apply(new LessonsSettled(scenario, outbox.Next - 1));
        }
    }

    // The lesson as the timeline of now tells it: the journal of the learner has it as it was told then.
    private LessonOf Again(ScenarioId scenario, LessonOf taken)
    {
        var (user, lesson) = (taken.User, taken.Lesson);
        if (_timelines.TryGetValue(UserActor.PersistenceIdOf(user), out var timeline)
            && timeline.Outboxes.FirstOrDefault(pair => pair.Key == scenario).Value?.Lessons.FirstOrDefault(open => open.Number == lesson.Number) is { } again)
        {
            timeline.Apply(new LessonsSettled(scenario, lesson.Number));
            return taken with { Lesson = again };
        }

        if (lesson.Shown.IsEmpty && lesson.Rewarded.IsEmpty)
        {
            return taken;
        }

        Lost++;
        return taken with { Lesson = lesson with { Shown = [], Rewarded = [], Slate = [] } };
    }
}
