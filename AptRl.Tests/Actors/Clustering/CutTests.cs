using AptRl.Model.Events;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Clustering;

/// <summary>Real nodes of Akka's cluster, the network between which is cut.</summary>
[Collection("Torch")]
public sealed class CutTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_is_cut_off_ends_itself_and_the_others_go_on_with_its_users_and_writers()
    {
        await using var cluster = new TestCluster(postgres: null);
        for (var number = 0; number < 3; number++)
        {
            await cluster.AddAsync(hocon: TestCluster.CanBeCut);
        }

        // The oldest: it holds the writers, and a third of the users.
        var (cutOff, staying) = (cluster.Nodes[0], cluster.Nodes.Skip(1).ToList());
        await staying[0].Personalizer.UpsertAsync([.. Enumerable.Range(0, 20).Select(number => new Item(Sample.Item($"item-{number}"), true, []))], Cancellation);
        var isCut = false;
        var load = new ClusterLoad(number => number % 3 == 0 && !Volatile.Read(ref isCut) ? cutOff.Personalizer : staying[number % 2].Personalizer, users: 12);
        var running = load.RunAsync();
        await TestCluster.UntilAsync(() => Task.FromResult(load.Rounds >= 40 ? null : $"{load.Rounds} rounds"));

        await cluster.CutOffAsync(cutOff);
        Volatile.Write(ref isCut, true);
        await cutOff.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        var before = load.Rounds;
        await TestCluster.UntilAsync(() => Task.FromResult(load.Rounds >= before + 60 ? null : $"{load.Rounds} rounds, {before} before"), seconds: 60);
        load.End();
        await running;

        foreach (var (name, (events, rewards)) in load.Ledger)
        {
            var user = await staying[0].Personalizer.UserAsync(new UserId(name), Cancellation);
            Assert.Equal((events, rewards), (user!.Accepted, user.RewardsJoined));
        }

        var expected = load.Ledger.Values.Sum(of => of.Rewards);
        await TestCluster.UntilAsync(async () =>
        {
            await staying[0].Personalizer.PublishAsync(Cancellation);
            var views = await Task.WhenAll(staying.Select(node => node.HomeAsync()));
            return views.All(view => view.Rewards == expected && view.Decisions == expected && view.PolicyHash == views[0].PolicyHash)
                ? null
                : $"{expected} rewards were earned: {string.Join("; ", views.Select(view => $"{view.Rewards} rewards, {view.Decisions} decisions, {view.PolicyHash}"))}";
        });
    }
}
