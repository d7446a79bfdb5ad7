using System.Collections.Immutable;
using AptRl.Actors.Hosting;
using AptRl.Host.Commands;
using AptRl.Model.Events;
using AptRl.Model.Simulation;

namespace AptRl.Host.Demo;

/// <summary>How the simulated shop is driven.</summary>
/// <param name="Scenario">Where in the shop slates are asked for.</param>
/// <param name="SlateLength">Items in a slate.</param>
/// <param name="InFlightMax">Shoppers served at the same time; one shopper is never served twice at a time.</param>
/// <param name="DriftAfter">When, after the start of the run, tastes move; null for never.</param>
internal sealed record DriverOptions(ScenarioId Scenario, int SlateLength, int InFlightMax, TimeSpan? DriftAfter);

/// <summary>Lets the shoppers of a simulated shop loose on a personalizer and tallies what came of every slate.</summary>
/// <remarks>
/// Closed loop: a shopper goes on once all it did is durable, so that the personalizer sets the pace. Busy is answered by
/// waiting and sending again, as any source must.
/// </remarks>
internal sealed class ShopDriver(IPersonalizer personalizer, SimulatedShop shop, DriverOptions options, DemoTally tally, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly Lock _shopGate = new();
    private readonly Dictionary<UserId, Task> _lastTurns = [];
    private bool _drifted;

    /// <summary>The shop's event time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_shopGate)
            {
                return shop.Now;
            }
        }
    }

    /// <summary>Runs until <paramref name="stop"/>, then lets the turns that have begun end.</summary>
    /// <param name="stop">Begin no more turns.</param>
    /// <param name="cancellation">Give up at once.</param>
    /// <exception cref="UserErrorException">The personalizer refused a page view for good.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellation)
    {
        tally.Start();
        var workers = Math.Min(options.InFlightMax, shop.ShopperCount);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, workers),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation },
            async (_, failed) =>
            {
                while (!stop.IsCancellationRequested)
                {
                    failed.ThrowIfCancellationRequested();
                    await ServeNextAsync(failed);
                }
            });
    }

    private async Task ServeNextAsync(CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ShopTurn turn;
        Task? before;
        lock (_shopGate)
        {
            if (!_drifted && options.DriftAfter is { } after && tally.Elapsed >= after)
            {
                _drifted = true;
                shop.DriftFrom(shop.Now);
                tally.Drifted();
            }

            turn = shop.NextTurn()!;
            _lastTurns.TryGetValue(turn.View.User, out before);
            _lastTurns[turn.View.User] = done.Task;
        }

        try
        {
            // A shopper can come up again while its last response is still being taken in: its events keep their order.
            if (before is not null)
            {
                await before.WaitAsync(cancellation);
            }

            await ServeAsync(turn, cancellation);
        }
        finally
        {
            done.SetResult();
        }
    }

    private async Task ServeAsync(ShopTurn turn, CancellationToken cancellation)
    {
        foreach (var interaction in turn.Browsing)
        {
            await ObserveAsync(interaction, cancellation);
        }

        var decision = await DecideAsync(turn.View, cancellation);
        foreach (var interaction in Respond(turn.View, decision))
        {
            await ObserveAsync(interaction, cancellation);
        }
    }

    private ImmutableArray<Interaction> Respond(PageView view, Decision decision)
    {
        ImmutableArray<ItemId> slate = [.. decision.Slate.Select(shown => shown.Item)];
        ImmutableArray<Interaction> response;
        double expected;
        double best;
        lock (_shopGate)
        {
            expected = shop.ExpectedCtr(view, slate);
            best = shop.ExpectedCtr(view, shop.OracleSlate(view, options.SlateLength));
            response = shop.Respond(view, slate, decision.Id.Value);
        }

        tally.Served(decision, response.Any(interaction => interaction.Kind == InteractionKind.SelectItem), expected, best);
        return response;
    }

    private async Task ObserveAsync(Interaction interaction, CancellationToken cancellation)
    {
        var answer = await UntilTakenAsync(
            () => personalizer.ObserveAsync(interaction, cancellation), observed => observed.Status == ObserveStatus.Busy, cancellation);
        tally.Observed(answer);
    }

    private async Task<Decision> DecideAsync(PageView view, CancellationToken cancellation)
    {
        var request = new RecommendRequest(view.User, options.Scenario, view.RequestId, view.At, options.SlateLength, [], []);
        var answer = await UntilTakenAsync(
            () => personalizer.RecommendAsync(request, cancellation), recommended => recommended.Refusal == Refusal.Busy, cancellation);
        return answer.Decision
            ?? throw new UserErrorException($"page view {view.RequestId} was refused ({answer.Refusal}): {answer.Reason}");
    }

    private async Task<T> UntilTakenAsync<T>(Func<Task<T>> ask, Func<T, bool> isBusy, CancellationToken cancellation)
    {
        var wait = FirstWait;
        for (; ; )
        {
            var answer = await ask();
            if (!isBusy(answer))
            {
                return answer;
            }

            tally.Busy();
            await Task.Delay(wait, time, cancellation);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }
}
