using System.Diagnostics;
using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Actors.Telemetry;
using AptRl.Model.Learning;
using AptRl.Model.Windows;

namespace AptRl.Actors.Users;

// What the user does: judged, made durable, and answered when what it earned is learned.
public sealed partial class UserActor
{
    private void Take(Observe message)
    {
        var (since, span) = (Stopwatch.GetTimestamp(), Spans.Start(Spans.UserObserve, message.Trace));
        var interaction = message.Interaction;
        switch (_timeline.Judge(interaction))
        {
            case Verdict.Duplicate:
                AnswerWhenTaken(new Observed(interaction.Id, ObserveStatus.Duplicate, 0), since, span);
                break;
            case Verdict.Late:
                _late++;
                Sender.Tell(new Observed(interaction.Id, ObserveStatus.Late, 0));
                Spans.End(span, nameof(ObserveStatus.Late));
                break;
            case Verdict.Busy:
            case Verdict.Accept when _answers.Count >= _with.Options.AnswersMax:
                Meters.Refused("user");
                Sender.Tell(new Observed(interaction.Id, ObserveStatus.Busy, 0));
                Spans.End(span, nameof(ObserveStatus.Busy), "a bound was met");
                break;
            default:
                PersistFact(_timeline.Accept(interaction, _taught), span, accepted =>
                {
                    _state = null;
                    TellRewards(accepted);
                    AnswerWhenTaken(new Observed(interaction.Id, ObserveStatus.Accepted, accepted.Rewards.Length), since, span);
                });
                break;
        }
    }

    private void TellRewards(InteractionAccepted accepted)
    {
        if (_with.Broadcast.Outcomes.IsHeard)
        {
            foreach (var reward in accepted.Rewards)
            {
                _with.Broadcast.Outcomes.Tell(new DecisionOutcome(
                    null, new DecisionRewarded(reward.Decision, reward.Position, reward.Type, (double)reward.Amount / FeatureVector.One)));
            }
        }
    }

    private void AnswerWhenTaken(Observed observed, long since, Activity? span)
    {
        var missing = _timeline.UnsettledRewardsOf(observed.Id).ToList();
        if (missing.Count > 0 && observed.Status is ObserveStatus.Duplicate && _answers.Count >= _with.Options.AnswersMax)
        {
            Meters.Refused("user");
            Sender.Tell(new Observed(observed.Id, ObserveStatus.Busy, 0));
            Spans.End(span, nameof(ObserveStatus.Busy), "a bound was met");
        }
        else
        {
            _answers.Add(observed, Sender, since, span, missing);
        }
    }
}
