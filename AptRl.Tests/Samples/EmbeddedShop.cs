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
}
