using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Actors.Streams;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using Confluent.Kafka;

namespace AptRl.Host.Kafka;

/// <summary>What became of one message.</summary>
internal enum Settled
{
    /// <summary>The event is durable, and so is the decision after it where one was asked for.</summary>
    Taken = 1,

    /// <summary>Its id was taken before.</summary>
    Duplicate = 2,

    /// <summary>It is with the dead letters.</summary>
    Dead = 3,

    /// <summary>Its partition is another member's by now, who reads it again.</summary>
    Dropped = 4,
}

/// <summary>Events from Kafka through AptRl: taken, decided upon, settled.</summary>
/// <remarks>
/// At least once, and each counted once: an offset is committed when the event before it is durable (or with the dead
/// letters), so a crash reads again what was not committed, and the event's id makes a repeat harmless. Events of a
/// partition are settled in its order; those of one user are taken one after another. Busy and a lost broker are waited out.
/// </remarks>
internal sealed class KafkaIntake(KafkaOptions options, IPersonalizer personalizer, KafkaProducer producer, RejectLog rejects, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes messages and tells what became of each, in their order.</summary>
    public Flow<KafkaMessage, Settled, NotUsed> Flow()
    {
        var users = new InOrderPerUser();
        return Akka.Streams.Dsl.Flow.Create<KafkaMessage>()
            .SelectAsync(options.InFlightMax, message => SettleAsync(message, users))
            .Select(settled =>
            {
                // In order of the messages: what is before it is settled too.
                if (settled.What is not Settled.Dropped)
                {
                    settled.Message.Claim.Reach(settled.Message.Offset);
                    settled.Message.Claim.Leave();
                }

                return settled.What;
            });
    }

    /// <summary>Runs until the switch is thrown; what fails is started again.</summary>
    public (UniqueKillSwitch Switch, Task<Done> Ended) Run(ActorSystem system, Action<Settled> onSettled)
        => RestartSource.OnFailuresWithBackoff(
                () => KafkaEvents.Source(() => new KafkaMember(options, log)).Via(Flow()),
                RestartSettings.Create(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), 0.2))
            .ViaMaterialized(KillSwitches.Single<Settled>(), Keep.Right)
            .ToMaterialized(Sink.ForEach(onSettled), Keep.Both)
            .Run(system.Materializer());

    private Task<(KafkaMessage Message, Settled What)> SettleAsync(KafkaMessage message, InOrderPerUser users)
    {
        if (!message.Claim.TryEnter())
        {
            return Task.FromResult((message, Settled.Dropped));
        }

        var parsed = KafkaEventReader.Read(message, clock.GetUtcNow() + options.FutureMax);
        return parsed.Interaction is { } interaction
            ? users.Run(interaction.User, async () => (message, await TakeAsync(message, interaction)))
            : BuryAsync(message, parsed.Rejected!);
    }

    private async Task<(KafkaMessage Message, Settled What)> BuryAsync(KafkaMessage message, Rejected rejected)
    {
        rejects.Add(rejected);
        return (message, await DeadAsync(message, rejected.Code, rejected.Reason));
    }

    private async Task<Settled> TakeAsync(KafkaMessage message, Interaction interaction)
    {
        Observed observed;
        while ((observed = await personalizer.ObserveAsync(interaction, CancellationToken.None)).Status is ObserveStatus.Busy)
        {
            await Task.Delay(Again, clock);
        }

        if (observed is { Status: ObserveStatus.Rejected, Code: { } code, Reason: { } reason })
        {
            return await DeadAsync(message, code, reason);
        }

        if (observed.Status is ObserveStatus.Late)
        {
            return await DeadAsync(message, "late", "the event is older than the user's newest by more than the lateness that is allowed");
        }

        foreach (var (scenario, count) in options.Decisions is null ? [] : options.Scenarios)
        {
            var decision = await DecideAsync(interaction, scenario, count);
            await UntilWrittenAsync(() => producer.WriteAsync(decision));
        }

        return observed.Status is ObserveStatus.Duplicate ? Settled.Duplicate : Settled.Taken;
    }

    // The event's id is the request's: read again, it gets the same decision.
    private async Task<Decision> DecideAsync(Interaction interaction, ScenarioId scenario, int count)
    {
        var request = new RecommendRequest(interaction.User, scenario, interaction.Id.Value, interaction.At, count, [], []);
        Recommended recommended;
        while ((recommended = await personalizer.RecommendAsync(request, CancellationToken.None)).Refusal is Refusal.Busy)
        {
            await Task.Delay(Again, clock);
        }

        return recommended.Decision ?? throw new InvalidOperationException(recommended.Reason);
    }

    private async Task<Settled> DeadAsync(KafkaMessage message, string code, string reason)
    {
        await UntilWrittenAsync(() => producer.WriteDeadAsync(message, code, reason));
        return Settled.Dead;
    }

    private async Task UntilWrittenAsync(Func<Task> write)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (KafkaException fault) when (!fault.Error.IsFatal)
            {
                log.NotWritten(fault.Error.Reason);
                await Task.Delay(Again, clock);
            }
        }
    }
}
