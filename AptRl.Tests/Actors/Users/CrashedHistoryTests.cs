using System.Collections.Immutable;
using Akka.Actor;
using Akka.Pattern;
using AptRl.Actors.Agents;
using AptRl.Actors.Encoding;
using AptRl.Actors.Hosting;
using AptRl.Actors.Streams;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Users;

/// <summary>Random histories of a user, with user and learner crashing anywhere between decide, persist, apply and answer.</summary>
public sealed class CrashedHistoryTests : JournalKit
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData(1, LearnerKind.Ridge)]
    [InlineData(2, LearnerKind.Ridge)]
    [InlineData(3, LearnerKind.ActorCritic)]
    [InlineData(4, LearnerKind.ActorCritic)]
    [InlineData(5, LearnerKind.DeepQ)]
    [InlineData(6, LearnerKind.DeepQ)]
    public async Task Crashes_anywhere_give_the_parameters_of_the_history_folded_without_any_to_the_bit(int seed, LearnerKind kind)
    {
        var scenario = new ScenarioOptions { Id = Sample.Home, Count = 2, ExcludePurchased = false, Learner = new LearnerOptions { Kind = kind, Discount = 0.5, DeepQ = new DeepQOptions { RowsPerStep = 2 } } };
        var (calm, timeline) = Folded(seed, scenario);
        var (crashed, view) = await LiveAsync(seed, scenario);
        Assert.True(calm.Rewards > 3, $"seed {seed}: {calm.Rewards} rewards");
        Assert.Equal((calm.Lessons, calm.Rewards, calm.Decisions), (crashed.Lessons, crashed.Rewards, crashed.Decisions));
        Assert.Equal((timeline.Accepted, timeline.RewardsJoined), (view.Accepted, view.RewardsJoined));
        Assert.True(calm.Image().Hash() == crashed.Hash, $"seed {seed}: {calm.Image().Hash()} {crashed.Hash}");
    }

    // What happens is the seed's, and decisions depend on the history alone: they name their candidates, and no policy is published before the end.
    private static IEnumerable<object> History(int seed, ScenarioOptions scenario, Func<Decision> last)
    {
        var chance = new Chance((ulong)seed);
        var at = Sample.Noon;
        for (var step = 0; step < 14; step++)
        {
            at = at.AddSeconds(20 + chance.Next(60));
            if (step == 0 || chance.Next(3) == 0)
            {
                yield return new RecommendRequest(Sample.Ann, scenario.Id, $"{step}", at, 2, [.. "abcd".Select(name => Sample.Item($"{name}"))], []);
                continue;
            }

            var shown = last().Slate[chance.Next(2)].Item;
            InteractionKind[] kinds = [InteractionKind.SelectItem, InteractionKind.AddToCart, InteractionKind.Purchase, InteractionKind.ViewItem];
            yield return new Interaction(new EventId($"{step}"), Sample.Ann, kinds[chance.Next(kinds.Length)], at, [shown], value: 30);
        }

        // A reward at the end: once it is answered, the learner has taken every lesson before it.
        yield return new RecommendRequest(Sample.Ann, scenario.Id, "last", at, 2, [.. "ef".Select(name => Sample.Item($"{name}"))], []);
        yield return new Interaction(new EventId("last"), Sample.Ann, InteractionKind.SelectItem, at.AddSeconds(1), [last().Slate[0].Item]);
    }

    private static (Learner Learner, UserTimeline Timeline) Folded(int seed, ScenarioOptions scenario)
    {
        var (timeline, learner) = (new UserTimeline(Sample.Ann, Windows(scenario)), new Learner(scenario.Learner));
        var blank = learner.Policy();
        foreach (var one in History(seed, scenario, () => timeline.Decisions[^1].Decision))
        {
            if (one is RecommendRequest request)
            {
                var context = new DecisionContext(
                    DecisionId.For(Sample.Ann, scenario.Id, request.RequestId), request.RequestId, request.At, request.Count, request.Candidates, [], null,
                    [1, 0], timeline.Window.Touches, timeline.Session, timeline.TimesShown(scenario.Id));
                timeline.Apply(new DecisionMade(DecisionMaker.Decide(scenario, context, blank, Catalogue.Empty, new OneVector())));
            }
            else
            {
                Assert.Equal(Verdict.Accept, timeline.Offer((Interaction)one));
            }
        }

        timeline.Outboxes.Single().Value.Lessons.ToList().ForEach(learner.Learn);
        learner.Advance();
        return (learner, timeline);
    }

    private static WindowOptions Windows(ScenarioOptions scenario) => new()
    {
        Scenarios = ImmutableDictionary<ScenarioId, TeachingOptions>.Empty
            .Add(scenario.Id, TeachingOptions.Of(scenario.Learner)),
    };

    private async Task<(LearnerView Learner, UserView User)> LiveAsync(int seed, ScenarioOptions scenario)
    {
        var faults = new Chance((ulong)seed).Split("crashes");
        var blank = new Learner(scenario.Learner).Policy();
        var agent = Sys.ActorOf(Props.Create(() => new AgentActor(scenario, blank, new OneVector())));
        var encoder = Sys.ActorOf(Props.Create(() => new OneState()));
        var learner = Kept(Props.Create(() => new LearnerActor(scenario, new LearnerBatching { AgeMax = TimeSpan.Zero, PublishEvery = TimeSpan.Zero }, agent)));
        var with = new UserDependencies(
            Windows(scenario), new UserOptions { TeachAgain = TimeSpan.FromMilliseconds(50), SnapshotEvery = 7 }, encoder,
            ImmutableDictionary<ScenarioId, ScenarioActors>.Empty.Add(scenario.Id, new ScenarioActors(scenario, agent, learner)), new DecisionBroadcast());
        var owner = Kept(Props.Create(() => new UserActor(Sample.Ann, with)));
        var decision = default(Decision);
        foreach (var one in History(seed, scenario, () => decision!))
        {
            if (one is RecommendRequest request)
            {
                decision = (await UntilAsync<Recommended>(owner, learner, new Recommend(request), answer => answer.Decision is not null)).Decision;
            }
            else
            {
                await UntilAsync<Observed>(
                    owner, learner, new Observe((Interaction)one), answer => answer.Status is ObserveStatus.Accepted or ObserveStatus.Duplicate);
            }
        }

        var view = await UntilAsync<UserView>(owner, learner, new UserOf(Sample.Ann), _ => true);
        await UntilAsync<Published>(learner, learner, Publish.Now, _ => true);
        return (await UntilAsync<LearnerView>(learner, learner, LearnerStatus.Ask, _ => true), view);

        // Asks until it is answered as it should be. In between the user, the learner or the journal may fail, once.
        async Task<T> UntilAsync<T>(IActorRef asked, IActorRef other, object question, Func<T, bool> isRight)
        {
            var fault = question is Recommend or Observe ? faults.Next(5) : 0;
            if (fault == 1)
            {
                Journal.Tell(new FailNextWrite());
            }

            for (var tries = 0; tries < 200; tries++)
            {
                var answer = asked.Ask<T>(question, TimeSpan.FromMilliseconds(250), TestContext.Current.CancellationToken);
                if (tries == 0 && fault is 2 or 3)
                {
                    // Anywhere between the question and the answer: some crash before it is read, some when it is persisted.
                    await Task.Yield();
                    SpinFor(faults.Next(400));
                    await StopAsync(fault == 2 ? asked : other);
                }

                try
                {
                    if (await answer is var got && isRight(got))
                    {
                        return got;
                    }
                }
                catch (AskTimeoutException)
                {
                    // It crashed; what was asked is asked again.
                }

                await Task.Delay(Soon, TestContext.Current.CancellationToken);
            }

            throw new TimeoutException($"seed {seed}: {question} was never answered");
        }
    }

    private static void SpinFor(int microseconds)
    {
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(since).TotalMicroseconds < microseconds)
        {
            Thread.SpinWait(20);
        }
    }

    private static async Task StopAsync(IActorRef kept)
    {
        var child = await kept.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, TimeSpan.FromSeconds(3));
        child.Ref?.Tell(PoisonPill.Instance); // none where it is down already
    }

    private IActorRef Kept(Props props) => Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(props, "kept", Soon, Soon, 0, maxNrOfRetries: -1)));

    private sealed class OneState : ReceiveActor
    {
        public OneState() => Receive<Encode>(asked => Sender.Tell(new Encoded(asked.For, [1, 0])));
    }

    private sealed class OneVector : IItemSpace
    {
        public string Version => "none";

        public int Width => 2;

        public IReadOnlyList<ItemId> Items => [];

        public ReadOnlySpan<float> VectorOf(ItemId item) => [1f, 0f];

        public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [];
    }
}
