using Akka;
using Akka.Actor;
using Akka.Pattern;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;

namespace AptRl.Actors.Streams;

/// <summary>How a stream uses AptRl.</summary>
public sealed record PersonalizationFlowOptions
{
    /// <summary>Where in the shop the slates are for. Default home.</summary>
    public ScenarioId Scenario { get; init; } = new("home");

    /// <summary>Items of a slate. Default 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Events under way at once; 1 takes them strictly one after another. Default 32.</summary>
    public int Parallelism { get; init; } = 32;

    /// <summary>How long to wait before an event that was answered Busy is sent again. Default 50 ms.</summary>
    public TimeSpan BusyDelay { get; init; } = TimeSpan.FromMilliseconds(50);
}

/// <summary>What became of one event of a stream.</summary>
/// <param name="Interaction">The event.</param>
/// <param name="Observed">Its answer: never Busy, it was sent until it was taken.</param>
/// <param name="Decision">The slate that was decided after it; null where the request was refused.</param>
public sealed record Outcome(Interaction Interaction, Observed Observed, Decision? Decision);

/// <summary>AptRl as stages of a shop's own graph.</summary>
/// <remarks>
/// Source → observe → recommend → sink. Back-pressured: no more than <see cref="PersonalizationFlowOptions.Parallelism"/>
/// events are under way. Events of one user are taken in order; what comes out is in the order of what went in. An event
/// leaves when it, any reward of it and its decision are durable. At least once: a stream that is restarted may send an
/// event again; its id makes that harmless and gets the same decision. The contract is <c>docs/streams.md</c>.
/// </remarks>
public static class PersonalizationFlow
{
    /// <summary>Takes interactions and gives the slate that was decided after each.</summary>
    public static Flow<Interaction, Decision, NotUsed> Decide(ActorSystem system, PersonalizationFlowOptions options)
        => Outcomes(system, options).Where(outcome => outcome.Decision is not null).Select(outcome => outcome.Decision!);

    /// <summary>Takes interactions and gives what became of each.</summary>
    public static Flow<Interaction, Outcome, NotUsed> Outcomes(ActorSystem system, PersonalizationFlowOptions options)
    {
        var personalizer = system.Personalizer();
        var users = new InOrderPerUser();
        return Flow.Create<Interaction>().SelectAsync(
            options.Parallelism, interaction => users.Run(interaction.User, () => PersonalizeAsync(system, personalizer, interaction, options)));
    }

    /// <summary>
    /// As <see cref="Outcomes"/>, and what the caller knows of each event, such as its offset in a log, goes along: what comes out may be
    /// committed.
    /// </summary>
    public static FlowWithContext<Interaction, TContext, Outcome, TContext, NotUsed> OutcomesWithContext<TContext>(ActorSystem system, PersonalizationFlowOptions options)
    {
        var personalizer = system.Personalizer();
        var users = new InOrderPerUser();
        return FlowWithContext.Create<Interaction, TContext>().SelectAsync(
            options.Parallelism, interaction => users.Run(interaction.User, () => PersonalizeAsync(system, personalizer, interaction, options)));
    }

    /// <summary>Takes interactions; materialises to how many were accepted.</summary>
    public static Sink<Interaction, Task<long>> Observe(ActorSystem system, PersonalizationFlowOptions options)
    {
        var personalizer = system.Personalizer();
        var users = new InOrderPerUser();
        return Flow.Create<Interaction>()
            .SelectAsync(options.Parallelism, interaction => users.Run(interaction.User, () => ObserveAsync(system, personalizer, interaction, options)))
            .ToMaterialized(
                Sink.Aggregate<Observed, long>(0, (accepted, observed) => accepted + (observed.Status is ObserveStatus.Accepted ? 1 : 0)),
                Keep.Right);
    }

    private static async Task<Outcome> PersonalizeAsync(
        ActorSystem system, IPersonalizer personalizer, Interaction interaction, PersonalizationFlowOptions options)
    {
        var observed = await ObserveAsync(system, personalizer, interaction, options).ConfigureAwait(false);
        var request = new RecommendRequest(interaction.User, options.Scenario, interaction.Id.Value, interaction.At, options.Count, [], []);
        while (true)
        {
            var recommended = await personalizer.RecommendAsync(request, CancellationToken.None).ConfigureAwait(false);
            if (recommended.Refusal is not Refusal.Busy)
            {
                return new Outcome(interaction, observed, recommended.Decision);
            }

            await WaitAsync(system, options.BusyDelay).ConfigureAwait(false);
        }
    }

    private static async Task<Observed> ObserveAsync(
        ActorSystem system, IPersonalizer personalizer, Interaction interaction, PersonalizationFlowOptions options)
    {
        while (true)
        {
            var observed = await personalizer.ObserveAsync(interaction, CancellationToken.None).ConfigureAwait(false);
            if (observed.Status is not ObserveStatus.Busy)
            {
                return observed;
            }

            await WaitAsync(system, options.BusyDelay).ConfigureAwait(false);
        }
    }

    private static Task<Done> WaitAsync(ActorSystem system, TimeSpan delay)
        => FutureTimeoutSupport.After(delay, system.Scheduler, () => Task.FromResult(Done.Instance));
}
