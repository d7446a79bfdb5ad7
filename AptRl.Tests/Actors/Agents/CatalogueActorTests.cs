using System.Collections.Immutable;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Agents;

public sealed class CatalogueActorTests : JournalKit
{
    [Theory]
    [InlineData(typeof(FailNextWrite))]
    [InlineData(typeof(RejectNextWrite))]
    public void Items_that_the_journal_did_not_take_are_not_acknowledged_and_are_taken_when_they_are_sent_again(Type fault)
    {
        var catalogue = Watch(Start());
        catalogue.Tell(UpsertOf("hat"), TestActor);
        Assert.Equal(1, ExpectMsg<Upserted>(cancellationToken: TestContext.Current.CancellationToken).Entry);
        Journal.Tell(Activator.CreateInstance(fault)!);
        catalogue.Tell(UpsertOf("boot"), TestActor);
        ExpectMsg<CatalogueBusy>(cancellationToken: TestContext.Current.CancellationToken);
        ExpectTerminated(catalogue, cancellationToken: TestContext.Current.CancellationToken);

        catalogue = Start();
        Assert.Equal(["hat"], ItemsOf(catalogue));
        catalogue.Tell(UpsertOf("boot"), TestActor);
        ExpectMsg<Upserted>(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["boot", "hat"], ItemsOf(catalogue));
    }

    private static Upsert UpsertOf(string name) => new([new Item(Sample.Item(name), true, [])]);

    private IActorRef Start() => Sys.ActorOf(Props.Create(() => new CatalogueActor(ImmutableArray<IActorRef>.Empty)));

    private IEnumerable<string> ItemsOf(IActorRef catalogue)
    {
        catalogue.Tell(new CatalogueOf(), TestActor);
        return ExpectMsg<CatalogueChanged>(cancellationToken: TestContext.Current.CancellationToken).Catalogue.Items.Keys.Select(item => item.Value).Order();
    }
}
