using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Actors.Agents;

/// <summary>A learner as a fold of its journal. The learner actor and the verification of a journal use this and nothing else.</summary>
/// <remarks>
/// What was learned moves only where a fact publishes: what was taken since then waits. So the state is always that of a
/// published policy, and a recovered learner decides by the policy that was in force.
/// </remarks>
public sealed class LearnerJournal
{
    private readonly Dictionary<UserId, long> _taken = [];
    private readonly List<Lesson> _unpublished = [];

    /// <summary>Nothing learned yet.</summary>
    public LearnerJournal(LearnerOptions options) => Learner = new Learner(options);

    /// <summary>A learner as it was.</summary>
    /// <exception cref="InvalidOperationException">The snapshot's hash does not fit its content.</exception>
    public LearnerJournal(LearnerSnapshot snapshot, LearnerOptions options)
    {
        if (snapshot.Learner.Hash() is var hash && hash != snapshot.Hash)
        {
            throw new InvalidOperationException(
                $"the learner's snapshot says hash {snapshot.Hash} and has {hash}: it is damaged; delete the snapshots file, the journal rebuilds it");
        }

        Learner = new Learner(snapshot.Learner, options);
        Updates = snapshot.Updates;
        foreach (var (user, number) in snapshot.Taken)
        {
            _taken[user] = number;
        }
    }

    /// <summary>What is learned, as of the last publication.</summary>
    public Learner Learner { get; }

    /// <summary>Batches journalled.</summary>
    public long Updates { get; private set; }

    /// <summary>Lessons taken since the last publication.</summary>
    public int Unpublished => _unpublished.Count;

    /// <summary>Highest lesson taken of a user.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="settled">What the user has settled: the answer where the user is not remembered.</param>
    public long TakenOf(UserId user, long settled) => _taken.GetValueOrDefault(user, settled);

    /// <summary>Takes a fact of the journal, of whichever kind.</summary>
    /// <exception cref="ArgumentException">It is no fact of a learner.</exception>
    public void Apply(object fact)
    {
        switch (fact)
        {
            case LessonsLearned learned:
                Apply(learned);
                break;
            case EncoderTookOver took:
                Apply(took);
                break;
            default:
                throw new ArgumentException($"{fact?.GetType().Name ?? "null"} is no fact of a learner", nameof(fact));
        }
    }

    /// <summary>Takes a fact of the journal.</summary>
    public void Apply(LessonsLearned learned)
    {
        Updates++;
        foreach (var (user, lesson) in learned.Lessons)
        {
            _taken[user] = lesson.Number;
            _unpublished.Add(lesson);
        }

        foreach (var user in learned.Forgotten)
        {
            _taken.Remove(user);
        }

        if (learned.Publishes)
        {
            Publish();
        }
    }

    /// <summary>Takes a fact of the journal: what was taken so far is published, under the regression of another encoder.</summary>
    public void Apply(EncoderTookOver took)
    {
        Updates++;
        Publish();
        Learner.TakeOver(took.Encoder, took.Buckets, took.Forgotten);
    }

    /// <summary>Folds in what was taken and closes it under the next version.</summary>
    public void Publish()
    {
        _unpublished.ForEach(Learner.Learn);
        _unpublished.Clear();
        Learner.Advance();
    }

    /// <summary>A snapshot; only right after a publication.</summary>
    public LearnerSnapshot Snapshot()
    {
        if (_unpublished.Count > 0)
        {
            throw new InvalidOperationException($"{_unpublished.Count} lessons are not published yet: a snapshot now would lose them");
        }

        var image = Learner.Image();
        return new LearnerSnapshot(image.Hash(), image, [.. _taken.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal)], Updates);
    }
}
