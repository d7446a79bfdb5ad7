using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using AptRl.Actors.Encoding;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

// Not AptRl.Tests.Actors.Encoding: that name would hide System.Text.Encoding from every test beside it.
namespace AptRl.Tests.Actors;

[Collection("Torch")]
public sealed class EncoderActorTests() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private readonly EncoderModel _model = EncoderModel.Fresh(
        new EncoderOptions { Width = 8, Layers = 1, HashBuckets = 4 }, [.. "abcdef".Select(name => Sample.Item($"{name}"))], seed: 3);

    [Fact]
    public void A_full_batch_runs_at_once_and_each_gets_the_state_of_its_own_window()
    {
        var encoder = Start(new EncoderBatching { SizeMax = 3, AgeMax = TimeSpan.FromMinutes(1) });
        encoder.Tell(Request("a"));
        encoder.Tell(Request("b"));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        encoder.Tell(Request("c"));
        AssertAnswered("a", "b", "c");
    }

    [Fact]
    public void A_batch_that_does_not_fill_runs_when_its_first_window_is_old_enough()
    {
        var encoder = Start(new EncoderBatching { SizeMax = 3, AgeMax = TimeSpan.FromMinutes(1) });
        encoder.Tell(Request("a"));
        encoder.Tell(Request("b"));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(1));
        AssertAnswered("a", "b");
    }

    [Fact]
    public void Beyond_the_queue_a_window_is_busy_and_those_in_it_are_answered()
    {
        var encoder = Start(new EncoderBatching { SizeMax = 3, AgeMax = TimeSpan.FromMinutes(1), WaitingMax = 2 });
        foreach (var item in (string[])["a", "b", "c"])
        {
            encoder.Tell(Request(item));
        }

        Assert.Equal(new EncoderBusy(Request("c").For, "the encoder's queue is full"), ExpectMsg<EncoderBusy>(cancellationToken: TestContext.Current.CancellationToken));
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(1));
        AssertAnswered("a", "b");
    }

    [Fact]
    public void A_window_that_throws_leaves_nobody_waiting_and_the_next_are_encoded()
    {
        var encoder = Start(new EncoderBatching { SizeMax = 2, AgeMax = TimeSpan.FromMinutes(1) });
        encoder.Tell(Request("a"));
        encoder.Tell(Request("b") with { Window = [new Touch(new EventId("b"), default(ItemId), InteractionKind.ViewItem, Sample.Noon)] }); // no event has an item without a name
        Assert.Equal(
            [new EncoderBusy(Request("a").For, "the encoder failed"), new EncoderBusy(Request("b").For, "the encoder failed")],
            [ExpectMsg<EncoderBusy>(cancellationToken: TestContext.Current.CancellationToken), ExpectMsg<EncoderBusy>(cancellationToken: TestContext.Current.CancellationToken)]);
        encoder.Tell(Request("c"));
        encoder.Tell(Request("d"));
        AssertAnswered("c", "d");
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _model.Dispose();
    }

    private static Encode Request(string item)
        => new(DecisionId.For(Sample.Ann, Sample.Home, item), [new Touch(new EventId(item), Sample.Item(item), InteractionKind.ViewItem, Sample.Noon)]);

    private IActorRef Start(EncoderBatching batching) => Sys.ActorOf(Props.Create(() => new EncoderActor(_model, batching)));

    private void AssertAnswered(params ImmutableArray<string> items)
    {
        foreach (var request in items.Select(Request))
        {
            var encoded = ExpectMsg<Encoded>(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(request.For, encoded.For);
            Assert.Equal(_model.Encode([request.Window])[0], encoded.State);
        }
    }
}
