using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Hosting;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Actors.Streams;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using Microsoft.Extensions.Hosting;

// As it would stand in a shop's own code.
namespace MyShop;

/// <summary>A shop that has AptRl in its own host and in its own streams.</summary>
internal static class EmbeddedShop
{
    public static IHost Create(string dataDirectory)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddAkka("my-shop", akka => akka.AddAptRl(new AptRlOptions
        {
            DataDirectory = dataDirectory,
            Model = EncoderModel.Fresh(new EncoderOptions(), items: [], seed: 1), // or EncoderModel.Load("shop.safetensors")
        }));
        builder.Services.AddPersonalizer();
        return builder.Build();
    }

    public static async Task<Decision> ViewAsync(IPersonalizer personalizer, UserId user, ItemId item, DateTimeOffset now)
    {
        await personalizer.ObserveAsync(
            new Interaction(new EventId($"view-{now.UtcTicks}"), user, InteractionKind.ViewItem, now, [item]), CancellationToken.None);
        var answer = await personalizer.RecommendAsync(
            new RecommendRequest(user, new ScenarioId("home"), $"page-{now.UtcTicks}", now, Count: 2, [], Exclude: [item]), CancellationToken.None);
        return answer.Decision ?? throw new InvalidOperationException(answer.Reason);
    }

    public static Task<IImmutableList<Decision>> StreamAsync(ActorSystem system, Source<Interaction, NotUsed> clicks)
        => clicks
            .Via(PersonalizationFlow.Decide(system, new PersonalizationFlowOptions { Count = 2 }))
            .RunWith(Sink.Seq<Decision>(), system.Materializer());

    /// <summary>
    /// The shop has a log with offsets of its own. An offset is committed when its event, what it earned and the slate after it are
    /// durable, and the slate was shown; what came too late goes aside.
    /// </summary>
    public static Task RunAsync(
        ActorSystem system, Source<(Interaction Click, long Offset), NotUsed> log, Func<Decision, Task> show, Sink<Interaction, NotUsed> late, Func<long, Task> commit)
        => SourceWithContext.FromTuples(log)
            .Via(PersonalizationFlow.OutcomesWithContext<long>(system, new PersonalizationFlowOptions { Count = 2 }))
            .AsSource()
            .AlsoTo(Flow.Create<(Outcome Outcome, long Offset)>()
                .Where(done => done.Outcome.Observed.Status is ObserveStatus.Late or ObserveStatus.Rejected)
                .Select(done => done.Outcome.Interaction)
                .To(late))
            .SelectAsync(1, async done =>
            {
                if (done.Item1.Decision is { } decision)
                {
                    await show(decision);
                }

                await commit(done.Item2);
                return Done.Instance;
            })
            .RunWith(Sink.Ignore<Done>(), system.Materializer());

    /// <summary>Another program of the shop, such as its mails, wants every decision, and remembers how far it is.</summary>
    public static Task MailAsync(ActorSystem system, long mailedThrough, Func<Decision, Task> mail, Func<long, Task> remember, CancellationToken until)
        => JournalledDecisions.After(system, mailedThrough)
            .Via(until.AsFlow<JournalledDecision>(cancelGracefully: true))
            .SelectAsync(1, async one =>
            {
                await mail(one.Decision);
                await remember(one.Offset);
                return Done.Instance;
            })
            .RunWith(Sink.Ignore<Done>(), system.Materializer());
}
