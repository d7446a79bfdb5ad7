using System.Collections.Immutable;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Model.Windows;

namespace AptRl.Actors.Users;

// What the learners are told of the user: each lesson once, and again until it is taken.
public sealed partial class UserActor
{
    // Sends each lesson once; what is not taken in time is sent again, and no longer as a part of what brought it.
    private void Teach(string? trace = null)
    {
        foreach (var (scenario, outbox) in _timeline.Outboxes)
        {
            var sent = Math.Max(_sent.GetValueOrDefault(scenario), outbox.Settled);
            if (outbox.Next - 1 <= sent)
            {
                continue;
            }

            _sent[scenario] = outbox.Next - 1;
            foreach (var lessons in outbox.Lessons.Where(lesson => lesson.Number > sent).Chunk(LessonsMax))
            {
                _with.Scenarios[scenario].Learner.Tell(new Teach(_user, outbox.Settled, [.. lessons]) { Trace = trace });
            }

            if (!Timers.IsTimerActive(TeachAgain.Now))
            {
                Timers.StartSingleTimer(TeachAgain.Now, TeachAgain.Now, _with.Options.TeachAgain);
            }
        }
    }

    private void Take(Taken taken)
    {
        // Applied without being journalled: if it is lost the learner is only asked again.
        _timeline.Apply(new LessonsSettled(taken.Scenario, taken.Through));
        _answers.Settle(taken);
        RetireWhenIdle();
    }

    private void SendAgain()
    {
        if (_timeline.Outboxes.All(pair => pair.Value.Lessons.Count == 0))
        {
            return;
        }

        _sent.Clear();
        Teach();
    }

    private sealed record TeachAgain : INoSerializationVerificationNeeded
    {
        public static readonly TeachAgain Now = new();
    }
}
