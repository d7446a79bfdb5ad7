using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Model.Windows;

namespace AptRl.Actors.Users;

// How the user goes to rest, moves, or is deleted.
public sealed partial class UserActor
{
    // What is under way is answered first; what comes meanwhile waits with the shard and goes where the user goes.
    private void StartRetiring()
    {
        _isRetiring = true;
        Timers.StartSingleTimer(RetireOverdue.Now, RetireOverdue.Now, _with.Options.DecideTimeout);
        RetireWhenIdle();
    }

    private void RetireWhenIdle()
    {
        if (_isRetiring && _deciding.Count == 0 && _answers.Count == 0)
        {
            _isRetiring = false;
            Timers.Cancel(RetireOverdue.Now);
            SettleThen(() => Context.Stop(Self));
        }
    }

    // Makes it durable that nothing is open, tells the learners that they may forget the user, and goes on.
    private void SettleThen(Action next)
    {
        if (_timeline.Outboxes.Any(pair => pair.Value.Lessons.Count > 0))
        {
            next();
            return;
        }

        var settled = _timeline.Outboxes.Select(pair => new LessonsSettled(pair.Key, pair.Value.Settled)).ToList();
        if (settled.Count == 0)
        {
            next();
            return;
        }

        PersistAll(settled, fact =>
        {
            _timeline.Apply(fact);
            _with.Scenarios[fact.Scenario].Learner.Tell(new Forget(_user, fact.Through));
            if (fact == settled[^1])
            {
                next();
            }
        });
    }

    // Settled → forgotten by every learner → snapshots deleted → facts deleted → answered: in this order a crash at any point loses no reward
    // and counts none twice, and asking again finishes it.
    private void StartDeleting(Delete delete)
    {
        if (delete.Through is { } through && through != LastSequenceNr)
        {
            Sender.Tell(new Deleted(WasKnown: false));
            return;
        }

        var askers = new HashSet<IActorRef> { Sender };
        var wasKnown = _timeline.Accepted > 0 || _timeline.DecisionCount > 0;
        Become(() => Deleting(askers, wasKnown));
        Self.Tell(GoOnDeleting.Now);
    }

    private void Deleting(HashSet<IActorRef> askers, bool wasKnown)
    {
        var waiting = _with.Scenarios.Keys.ToHashSet();
        Command<Delete>(_ =>
        {
            if (askers.Count < _with.Options.AnswersMax)
            {
                askers.Add(Sender);
            }

            Self.Tell(GoOnDeleting.Now);
        });
        Command<GoOnDeleting>(_ => GoOn());
        Command<Taken>(Take);
        Command<TeachAgain>(_ => SendAgain());
        Command<Forgotten>(forgotten =>
        {
            if (waiting.Remove(forgotten.Scenario))
            {
                DeleteSnapshotsIfAllForgot();
            }
        });
        Command<SaveSnapshotSuccess>(_ => Saved());
        Command<SaveSnapshotFailure>(_ => Saved());
        Command<DeleteSnapshotsSuccess>(deleted =>
        {
            if (deleted.Criteria.Equals(SnapshotSelectionCriteria.Latest))
            {
                DeleteMessages(long.MaxValue);
            }
        });
        Command<DeleteSnapshotsFailure>(failure =>
        {
            if (failure.Criteria.Equals(SnapshotSelectionCriteria.Latest))
            {
                Log.Error(failure.Cause, "the snapshots of user {User} were not deleted; ask again", _user);
                Context.Stop(Self);
            }
        });
        Command<DeleteMessagesSuccess>(_ =>
        {
            // Answered when it has stopped: what is asked upon the answer must not come to an actor that is on its way out.
            _stopped = () =>
            {
                foreach (var asker in askers)
                {
                    asker.Tell(new Deleted(wasKnown), ActorRefs.NoSender);
                }
            };

            // The shard keeps what comes from now on for the user's next life; where no shard is above, a second later.
            Context.Parent.Tell(new Passivate(Stop.Now));
            Timers.StartSingleTimer(Stop.Now, Stop.Now, TimeSpan.FromSeconds(1));
        });
        Command<Stop>(_ => Context.Stop(Self));
        Command<DeleteMessagesFailure>(failure =>
        {
            Log.Error(failure.Cause, "the journal of user {User} was not deleted; ask again", _user);
            Context.Stop(Self);
        });
        Command<Observe>(message => Sender.Tell(new Observed(message.Interaction.Id, ObserveStatus.Busy, 0)));
        Command<Recommend>(_ => Sender.Tell(new Recommended(null, Refusal.Busy, "the user is being deleted: ask again in a second")));
        Command<Retire>(_ => Timers.StartSingleTimer(RetireOverdue.Now, RetireOverdue.Now, _with.Options.DecideTimeout));
        Command<RetireOverdue>(_ => Context.Stop(Self));
        CommandAny(_ => { });

        void Saved()
        {
            _isSaving = false;
            DeleteSnapshotsIfAllForgot();
        }

        // One that is still being saved would outlive the facts, and the user's next life would begin with it.
        void DeleteSnapshotsIfAllForgot()
        {
            if (waiting.Count == 0 && !_isSaving)
            {
                DeleteSnapshots(SnapshotSelectionCriteria.Latest);
            }
        }

        // Also the way on after a learner lost what it was told.
        void GoOn()
        {
            if (waiting.Count == 0)
            {
                return;
            }

            if (_timeline.Outboxes.Any(pair => pair.Value.Lessons.Count > 0))
            {
                Timers.StartSingleTimer(GoOnDeleting.Now, GoOnDeleting.Now, TimeSpan.FromMilliseconds(50));
                return;
            }

            SettleThen(() =>
            {
                Timers.StartSingleTimer(GoOnDeleting.Now, GoOnDeleting.Now, _with.Options.TeachAgain);
                foreach (var scenario in _taught.Where(waiting.Contains))
                {
                    _with.Scenarios[scenario].Learner.Tell(new Forget(_user, long.MaxValue));
                }
            });
        }
    }

    private sealed record GoOnDeleting : INoSerializationVerificationNeeded
    {
        public static readonly GoOnDeleting Now = new();
    }

    private sealed record Stop : INoSerializationVerificationNeeded
    {
        public static readonly Stop Now = new();
    }

    private sealed record RetireOverdue : INoSerializationVerificationNeeded
    {
        public static readonly RetireOverdue Now = new();
    }
}
