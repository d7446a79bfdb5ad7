using Akka.Hosting;
using AptRl.Actors.Hosting;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptRl.Tests.Actors.Serialization;

/// <summary>The whole of AptRl with every message between its actors serialised, as if each actor were on a node of its own.</summary>
[Collection("Torch")]
public sealed class SerializedPipelineTests
{
    [Fact]
    public async Task Everything_works_with_every_message_serialised_and_none_without_a_wire_form()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("aptrl-serialised-");
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("shop", akka => akka.AddAptRl(new AptRlOptions
        {
            DataDirectory = folder.FullName,
            Model = EncoderModel.Fresh(new EncoderOptions(), items: [], seed: 1),
        }).AddHocon("akka { loglevel = OFF }", HoconAddMode.Prepend).AddHocon(NoFallback.Hocon, HoconAddMode.Prepend));
        builder.Services.AddPersonalizer();
        using (var host = builder.Build())
        {
            await host.StartAsync(cancellation);
            var personalizer = host.Services.GetRequiredService<IPersonalizer>();
            await personalizer.UpsertAsync([.. "abc".Select(name => new Item(Sample.Item($"{name}"), true, []))], cancellation);
            Assert.Equal(ObserveStatus.Accepted, (await personalizer.ObserveAsync(Sample.At(0, "view"), cancellation)).Status);
            var decision = (await personalizer.RecommendAsync(new RecommendRequest(Sample.Ann, Sample.Home, "page", Sample.Noon, 2, [], []), cancellation)).Decision!;
            Assert.Equal(2, decision.Slate.Length);
            var clicked = await personalizer.ObserveAsync(
                Sample.At(1, "click", decision.Slate[0].Item.Value, InteractionKind.SelectItem, decision.Id.Value), cancellation);
            Assert.Equal((ObserveStatus.Accepted, 1), (clicked.Status, clicked.RewardsJoined));
            await personalizer.PublishAsync(cancellation);
            Assert.Equal(1, (await personalizer.ScenariosAsync(cancellation)).Single().Rewards);
            Assert.Equal(decision.Id, (await personalizer.FindAsync(decision.Id, cancellation))!.Decision.Id);
            Assert.Equal(2, (await personalizer.UserAsync(Sample.Ann, cancellation))!.Accepted);
            Assert.True(await personalizer.DeleteAsync(Sample.Ann, cancellation));
            await host.StopAsync(cancellation);
        }

        folder.Delete(recursive: true);
    }
}
