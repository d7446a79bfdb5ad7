using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Hosting;
using AptRl.Actors.Telemetry;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Users;

// What the user is shown: the state is asked of the encoder, the slate of an agent, and it is answered when it is durable.
public sealed partial class UserActor
{
    private void Take(Recommend message)
    {
        var request = message.Request;
        var id = DecisionId.For(_user, request.Scenario, request.RequestId);
        var span = Spans.Start(Spans.UserRecommend, message.Trace);
        if (_timeline.Find(id) is { } remembered)
        {
            Sender.Tell(new Recommended(remembered.Decision));
            Spans.End(span, "Repeated");
        }
        else if (_deciding.TryGetValue(id, out var underWay) && underWay.From.Count < _with.Options.AnswersMax)
        {
            underWay.From.Add(Sender);
            Spans.End(span, "Joined");
        }
        else if (underWay is not null || _timeline.IsBusy || _deciding.Count >= _with.Options.DecidingMax)
        {
            Meters.Refused("user");
            Sender.Tell(new Recommended(null, Refusal.Busy, "too much of this user is under way: ask again in a second"));
            Spans.End(span, nameof(Refusal.Busy), "a bound was met");
        }
        else
        {
            _deciding[id] = new Request(request, _timeline.Window.Touches, [Sender], Stopwatch.GetTimestamp(), span);
            Timers.StartSingleTimer(id, new DecideOverdue(id), _with.Options.DecideTimeout);
            if (_state is { } state)
            {
                Decide(id, state);
            }
            else
            {
                _with.Encoder.Tell(new Encode(id, _timeline.Window.Touches) { Trace = Spans.TraceOf(span) });
            }
        }
    }

    private void Take(Encoded encoded)
    {
        if (!_deciding.TryGetValue(encoded.For, out var request))
        {
            return;
        }

        if (request.Window.Equals(_timeline.Window.Touches))
        {
            _state = encoded.State;
        }

        Decide(encoded.For, encoded.State);
    }

    private void Decide(DecisionId id, float[] state)
    {
        var (request, window, _, _, span) = _deciding[id];
        var context = new DecisionContext(
            id, request.RequestId, request.At, request.Count, request.Candidates, request.Exclude, request.Category, state, window, _timeline.Session, _timeline.TimesShown(request.Scenario));
        _with.Scenarios[request.Scenario].Agents.Tell(new Decide(context) { Trace = Spans.TraceOf(span) });
    }

    private void Take(Decided decided)
    {
        var id = decided.Decision.Id;
        if (!_deciding.TryGetValue(id, out var underWay))
        {
            return;
        }

        var since = Stopwatch.GetTimestamp();
        PersistFact(new DecisionMade(decided.Decision), underWay.Span, made =>
        {
            Meters.Took(Stage.Journal, since);
            Timers.Cancel(id);
            if (_deciding.Remove(id, out var request))
            {
                request.From.ForEach(from => from.Tell(new Recommended(made.Decision)));
                Meters.Took(Stage.Recommend, request.Since);
                Spans.End(request.Span, "Decided");
            }

            _with.Broadcast.Tell(made.Decision);
            RetireWhenIdle();
        });
    }

    private void Refuse(DecisionId id, string reason)
    {
        Timers.Cancel(id);
        if (_deciding.Remove(id, out var request))
        {
            Meters.Refused("decide");
            Refuse(request, reason);
            RetireWhenIdle();
        }
    }

    private static void Refuse(Request request, string reason)
    {
        Spans.End(request.Span, nameof(Refusal.Busy), reason);
        request.From.ForEach(from => from.Tell(new Recommended(null, Refusal.Busy, $"{reason}: ask again in a second")));
    }

    private sealed record Request(RecommendRequest Asked, ImmutableArray<Touch> Window, List<IActorRef> From, long Since, Activity? Span);

    private sealed record DecideOverdue(DecisionId Id) : INoSerializationVerificationNeeded;
}
