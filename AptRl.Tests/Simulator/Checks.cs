using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Actors.Serialization;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Tests.Simulator;

/// <summary>What must always be so. It looks at each fact when it is stored and at each answer when it is given.</summary>
internal sealed class Checks(Loop loop, Trace trace, Database database, AptRlOptions options, ScenarioId scenario)
{
    private readonly Dictionary<string, Life> _lives = new(StringComparer.Ordinal);
    private readonly LearnerJournal _learner = new(options.Scenarios[0].Learner);
    private readonly List<(long Version, string Hash)> _policies = [];
    private readonly string _learnersName = LearnerActor.PersistenceIdOf(scenario);
    private Catalogue _catalogue = Catalogue.Empty;
    private JournalSerializer? _serializer;

    /// <summary>Entries of the learner's journal.</summary>
    public long Updates => _learner.Updates;

    /// <summary>What all lessons of the journal, folded, say.</summary>
    public (long Version, string Hash) Policy => _policies.Count == 0 ? (0, _learner.Learner.Image().Hash()) : _policies[^1];

    /// <summary>What all facts of the catalogue, folded, say.</summary>
    public Catalogue Catalogue => _catalogue;

    /// <summary>Facts stored so far, of all kinds.</summary>
    public long Facts { get; private set; }

    /// <summary>Told when a user's facts are deleted; gives whether that may be.</summary>
    public Func<UserId, bool> MayDelete { get; set; } = _ => true;

    /// <summary>Begins to look.</summary>
    public void Start(ActorSystem any)
    {
        _serializer = new JournalSerializer((ExtendedActorSystem)any);
        _policies.Add((0, _learner.Learner.Image().Hash()));
        database.Stored = Look;
        database.Deleted = writer =>
        {
            var user = UserActor.UserOf(writer);
            Hold(MayDelete(user), $"the journal of {user} was deleted, with what had been answered since the last deletion was answered");
            var life = LifeOf(writer);
            Hold(life.Learned == life.Lessons.Count, $"{user} was deleted when {life.Learned} of {life.Lessons.Count} lessons were learned");
            _lives.Remove(writer);
        };
    }

    /// <summary>What the journal of a user says, folded.</summary>
    public UserTimeline TimelineOf(UserId user) => LifeOf(UserActor.PersistenceIdOf(user)).Timeline;

    /// <summary>Lessons of a user that no learner has made durable.</summary>
    public long OpenLessonsOf(UserId user) => LifeOf(UserActor.PersistenceIdOf(user)) is var life ? life.Lessons.Count - life.Learned : 0;

    /// <summary>An answer to an event.</summary>
    public void Answered(UserId user, Observed observed)
    {
        if (observed.Status is not (ObserveStatus.Accepted or ObserveStatus.Duplicate))
        {
            return;
        }

        var life = LifeOf(UserActor.PersistenceIdOf(user));
        Hold(life.Events.Contains(observed.Id), $"event {observed.Id} of {user} was answered {observed.Status} and is not in the journal");
        foreach (var (number, lesson) in life.Lessons.Where(lesson => lesson.Value.By == observed.Id && lesson.Value.HasReward))
        {
            Hold(number <= life.Learned, $"event {observed.Id} of {user} was answered {observed.Status}, and its reward, lesson {number}, is not in the learner's journal, which has {life.Learned}");
        }
    }

    /// <summary>An answer to a request.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="before">What the same request was answered before; null for nothing.</param>
    public void Answered(Decision decision, Decision? before)
    {
        var life = LifeOf(UserActor.PersistenceIdOf(decision.User));
        Hold(life.Decisions.Contains(decision.Id), $"{decision.Id} was answered and is not in the journal");
        Hold(
            before is null || (Slate(before) == Slate(decision) && before.PolicyVersion == decision.PolicyVersion),
            $"{decision.Id} was answered {Slate(before)} of policy {before?.PolicyVersion} and then {Slate(decision)} of policy {decision.PolicyVersion}");
        Hold(decision.Slate.All(shown => shown.Propensity is > 0 and <= 1), $"{decision.Id} has a propensity that is none: {Slate(decision)}");
    }

    /// <summary>What a learner or a replica has learned, at whatever entry it is.</summary>
    public void Answered(string who, LearnerView view)
    {
        Hold(view.Updates < _policies.Count, $"{who} is at entry {view.Updates}, and the journal has {_policies.Count - 1}");
        if (view.Updates < _policies.Count)
        {
            var (version, hash) = _policies[(int)view.Updates];
            Hold((version, hash) == (view.Version, view.Hash), $"{who} at entry {view.Updates} has version {view.Version} {view.Hash[..8]}, and the journal folded to there version {version} {hash[..8]}");
        }
    }

    /// <summary>Something must be so.</summary>
    public void Hold(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            loop.Fail(otherwise);
        }
    }

    private void Look(string writer, Row row)
    {
        Facts++;
        var stored = _serializer!.FromBinary(row.Bytes, row.Manifest);
        trace.Write(loop.Now, $"● {writer} {row.Number} {Words.Of(stored)}");
        switch (stored)
        {
            case IUserFact fact:
                Look(writer, LifeOf(writer), fact);
                break;
            case LessonsLearned learned when writer == _learnersName:
                Look(learned);
                break;
            case ItemsUpserted upserted:
                _catalogue = _catalogue.With(upserted.Items);
                break;
            case var other:
                Hold(false, $"{writer} has a fact of {other.GetType()}");
                break;
        }
    }

    private void Look(string writer, Life life, IUserFact fact)
    {
        switch (fact)
        {
            case InteractionAccepted { Interaction.Id: var id }:
                Hold(life.Events.Add(id), $"event {id} is in the journal of {writer} twice");
                break;
            case DecisionMade { Decision: var decision }:
                Hold(life.Decisions.Add(decision.Id), $"decision {decision.Id} is in the journal twice");
                Hold(decision.PolicyVersion <= Policy.Version, $"{decision.Id} was decided by policy {decision.PolicyVersion}, and the newest is {Policy.Version}");
                break;
            case LessonsSettled { Through: var through }:
                Hold(through <= life.Learned, $"{writer} has settled lesson {through}, and the learner's journal has {life.Learned}");
                break;
        }

        life.Timeline.Apply(fact);
        foreach (var lesson in life.Timeline.Outboxes.SelectMany(pair => pair.Value.Lessons).Where(lesson => lesson.Number > life.Lessons.Count).ToList())
        {
            life.Lessons[lesson.Number] = (lesson.By, !lesson.Rewarded.IsEmpty, BytesOf(new LessonOf(life.Timeline.User, lesson)));
        }
    }

    private void Look(LessonsLearned learned)
    {
        foreach (var lesson in learned.Lessons)
        {
            var life = LifeOf(UserActor.PersistenceIdOf(lesson.User));
            Hold(
                lesson.Lesson.Number == life.Learned + 1,
                $"lesson {lesson.Lesson.Number} of {lesson.User} was learned after {life.Learned}: {(lesson.Lesson.Number <= life.Learned ? "twice" : "one is missing")}");
            Hold(
                life.Lessons.TryGetValue(lesson.Lesson.Number, out var told) && told.Bytes.AsSpan().SequenceEqual(BytesOf(lesson)),
                $"lesson {lesson.Lesson.Number} of {lesson.User} was learned and is not, or not so, in the user's journal");
            life.Learned = lesson.Lesson.Number;
        }

        _learner.Apply(learned);
        _policies.Add(learned.Publishes ? (_learner.Learner.Version, _learner.Learner.Image().Hash()) : _policies[^1]);
    }

    private byte[] BytesOf(LessonOf lesson) => _serializer!.ToBinary(new LessonsLearned([lesson], [], Publishes: false));

    private Life LifeOf(string writer)
        => _lives.TryGetValue(writer, out var life) ? life : _lives[writer] = new Life(new UserTimeline(UserActor.UserOf(writer), options.WindowsInForce));

    private static string Slate(Decision? decision)
        => decision is null ? "nothing" : string.Join(" ", decision.Slate.Select(shown => FormattableString.Invariant($"{shown.Item}:{shown.Propensity:R}")));

    // A user from the first fact to the deletion.
    private sealed class Life(UserTimeline timeline)
    {
        public UserTimeline Timeline { get; } = timeline;

        public HashSet<EventId> Events { get; } = [];

        public HashSet<DecisionId> Decisions { get; } = [];

        public Dictionary<long, (EventId? By, bool HasReward, byte[] Bytes)> Lessons { get; } = [];

        public long Learned { get; set; }
    }
}
