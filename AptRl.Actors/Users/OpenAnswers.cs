using System.Diagnostics;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Actors.Telemetry;
using AptRl.Model.Events;

namespace AptRl.Actors.Users;

/// <summary>Answers to events that wait until a learner has made their rewards durable.</summary>
/// <remarks>Bounded by whoever adds to it: <see cref="Count"/> is what waits.</remarks>
internal sealed class OpenAnswers
{
    private readonly List<Answer> _answers = [];

    public int Count => _answers.Count;

    /// <summary>Sends the answer, now or when all of these lessons are taken.</summary>
    /// <param name="observed">The answer.</param>
    /// <param name="to">Who waits.</param>
    /// <param name="since">When the event came (<see cref="Stopwatch.GetTimestamp"/>).</param>
    /// <param name="span">Ended with the answer.</param>
    /// <param name="missing">Lessons that are not taken yet.</param>
    public void Add(Observed observed, IActorRef to, long since, Activity? span, List<(ScenarioId Scenario, long Number)> missing)
    {
        var answer = new Answer(observed, to, since, span, missing);
        if (missing.Count == 0)
        {
            answer.Send();
        }
        else
        {
            _answers.Add(answer);
        }
    }

    /// <summary>Sends the answers that waited for nothing else.</summary>
    public void Settle(Taken taken)
    {
        foreach (var answer in _answers)
        {
            answer.Missing.RemoveAll(lesson => lesson.Scenario == taken.Scenario && lesson.Number <= taken.Through);
        }

        foreach (var answer in _answers.Where(answer => answer.Missing.Count == 0))
        {
            answer.Send();
        }

        _answers.RemoveAll(answer => answer.Missing.Count == 0);
    }

    /// <summary>Tells everybody to come back: what they wait for is durable at the user, and a repeat waits for the rest.</summary>
    public void Refuse()
    {
        foreach (var answer in _answers)
        {
            (answer with { Observed = answer.Observed with { Status = ObserveStatus.Busy, RewardsJoined = 0 } }).Send();
        }

        _answers.Clear();
    }

    private sealed record Answer(Observed Observed, IActorRef To, long Since, Activity? Span, List<(ScenarioId Scenario, long Number)> Missing)
    {
        public void Send()
        {
            To.Tell(Observed);
            Meters.Took(Stage.Observe, Since);
            Spans.End(Span, Observed.Status.ToString());
        }
    }
}
