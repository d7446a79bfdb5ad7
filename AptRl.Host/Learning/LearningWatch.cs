using Akka.Actor;
using Akka.Streams;
using AptRl.Actors.Hosting;
using AptRl.Host.Telemetry;
using AptRl.Model.Learning;

namespace AptRl.Host.Learning;

/// <summary>Listens to decisions and rewards from the start of the server on, and passes them to what the dashboard shows.</summary>
internal sealed class LearningWatch(
    IPersonalizer personalizer, ActorSystem system, LearningTally tally, RecentDecisions recent, HostMetrics metrics) : IHostedService
{
    // Beyond this the oldest are missed: figures would be a little low, and nobody waits.
    private const int Buffer = 8_192;

    private readonly SharedKillSwitch _stop = KillSwitches.Shared("learning");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        tally.Tables = (await personalizer.ScenariosAsync(cancellationToken))
            .ToDictionary(scenario => scenario.Id, scenario => scenario.Options?.Learner.Rewards ?? new RewardTable());
        _ = personalizer.Outcomes(Buffer).Via(_stop.Flow<DecisionOutcome>()).RunForeach(Take, system.Materializer());
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Shutdown();
        return Task.CompletedTask;
    }

    private void Take(DecisionOutcome outcome)
    {
        if (outcome.Decision is { } decision)
        {
            tally.Decided(decision);
            recent.Add(decision);
        }
        else if (tally.Rewarded(outcome.Rewarded!) is { } of)
        {
            metrics.Earned(of, outcome.Rewarded!.Type, outcome.Rewarded.Amount);
        }
    }
}
