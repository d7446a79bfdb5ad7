using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit;
using AptRl.Actors.Streams;
using AptRl.Actors.Telemetry;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Streams;

/// <summary>The count of what was missed is the whole process's: not beside the demo, which may miss something too.</summary>
[Collection("Torch")]
public sealed class DecisionBroadcastTests : TestKit
{
    [Fact]
    public void A_slow_listener_misses_the_oldest_which_are_counted_and_holds_up_nobody()
    {
        var broadcast = new DecisionBroadcast();
        var (slow, fast, missed) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>(), 0L);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var meter = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener) };
        meter.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref missed, count));
        meter.Start();
        var ofSlow = broadcast.Listen(2)
            .SelectAsync(1, async decision =>
            {
                slow.Enqueue(decision.RequestId);
                await gate.Task;
                return decision;
            })
            .RunWith(Sink.Ignore<AptRl.Model.Events.Decision>(), Sys.Materializer());
        var ofFast = broadcast.Listen(200).RunForeach(decision => fast.Enqueue(decision.RequestId), Sys.Materializer());

        // One that the slow listener has in its hands when those that count are told. Until both listen it may be told twice.
        var firsts = 0;
        AwaitAssert(
            () =>
            {
                if (slow.IsEmpty || fast.IsEmpty)
                {
                    firsts++;
                    broadcast.Tell(Sample.Decided(0, "first", "a"));
                }

                Assert.False(slow.IsEmpty || fast.IsEmpty);
            },
            TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        var before = (Fast: fast.Count, Missed: Interlocked.Read(ref missed));
        for (var number = 1; number <= 100; number++)
        {
            broadcast.Tell(Sample.Decided(number, $"{number}", "a"));
        }

        string[] all = [.. Enumerable.Range(1, 100).Select(number => $"{number}")];
        AwaitAssert(() => Assert.Equal(all, fast.Skip(before.Fast)), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Single(slow);
        gate.SetResult();
        AwaitAssert(() => Assert.Equal(["99", "100"], slow.TakeLast(2)), cancellationToken: TestContext.Current.CancellationToken);

        // Besides the two of its buffer it got what the stream had taken already; at most the 16 that a stage may hold; the rest were missed, and counted.
        var got = slow.Where(request => request != "first").ToList();
        Assert.Equal(got.OrderBy(int.Parse), got);
        Assert.InRange(got.Count, 2, 2 + 16);
        Assert.InRange(Interlocked.Read(ref missed) - before.Missed, 100 - got.Count, 100 - got.Count + firsts - 1);
        Assert.False(ofSlow.IsFaulted || ofFast.IsFaulted);
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == Meters.Name && instrument.Name == "aptrl.stream.missed")
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
