using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>A user's lessons for one scenario that its learner may not have taken yet.</summary>
public sealed class Outbox
{
    private readonly Queue<Lesson> _lessons;

    /// <summary>An outbox as it was.</summary>
    /// <param name="next">Number of the next lesson.</param>
    /// <param name="settled">Highest number that the journal says is settled.</param>
    /// <param name="lessons">Those above it, in order.</param>
    public Outbox(long next, long settled, IEnumerable<Lesson> lessons)
        => (Next, Settled, _lessons) = (next, settled, new Queue<Lesson>(lessons));

    /// <summary>Number of the next lesson.</summary>
    public long Next { get; private set; }

    /// <summary>Highest number that is settled.</summary>
    public long Settled { get; private set; }

    /// <summary>Lessons above <see cref="Settled"/>, in order.</summary>
    public IReadOnlyCollection<Lesson> Lessons => _lessons;

    internal void Add(Func<long, Lesson> lesson) => _lessons.Enqueue(lesson(Next++));

    internal void Settle(long through)
    {
        while (_lessons.TryPeek(out var oldest) && oldest.Number <= through)
        {
            _lessons.Dequeue();
        }

        Settled = Math.Max(Settled, through);
    }
}
