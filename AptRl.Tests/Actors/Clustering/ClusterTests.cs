using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Clustering;

/// <summary>Several nodes over one journal, in one process.</summary>
[Collection("Torch")]
public sealed class ClusterTests
{
    private static readonly IReadOnlyList<Item> Items = [.. Enumerable.Range(0, 20).Select(number => new Item(Sample.Item($"item-{number}"), true, []))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_node_answers_for_every_user_and_decides_by_the_same_bits()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var nodes = cluster.Nodes;
        await nodes[1].Personalizer.UpsertAsync(Items, Cancellation);
        Assert.NotNull(await nodes[1].Personalizer.ItemAsync(Items[7].Id, Cancellation));

        for (var number = 0; number < 24; number++)
        {
            var user = new UserId($"user-{number}");
            var (asked, other) = (nodes[number % 3].Personalizer, nodes[(number + 1) % 3].Personalizer);
            Assert.Equal(ObserveStatus.Accepted, (await asked.ObserveAsync(View(user, 0), Cancellation)).Status);
            Assert.Equal(ObserveStatus.Duplicate, (await other.ObserveAsync(View(user, 0), Cancellation)).Status);

            // Asked again elsewhere, it is the same decision.
            await TestCluster.UntilAsync(async () => (await asked.RecommendAsync(Page(user, 0), Cancellation)).Decision is { Slate.Length: 2 } ? null : "no slate");
            var decision = (await asked.RecommendAsync(Page(user, 0), Cancellation)).Decision!;
            var again = (await other.RecommendAsync(Page(user, 0), Cancellation)).Decision!;
            Assert.Equal(decision.Slate.Select(shown => shown.Item), again.Slate.Select(shown => shown.Item));
            Assert.InRange(again.PolicyAge!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            Assert.Equal((ObserveStatus.Accepted, 1), await other.ObserveAsync(Click(decision, 1), Cancellation) is var clicked ? (clicked.Status, clicked.RewardsJoined) : default);
        }

        // 64 shards went to three nodes: each has some of the users.
        var awake = await Task.WhenAll(nodes.Select(node => node.AwakeAsync()));
        Assert.Equal(24, awake.Sum());
        Assert.DoesNotContain(0, awake);

        await nodes[2].Personalizer.PublishAsync(Cancellation);
        var told = await nodes[2].HomeAsync();
        Assert.Equal((24, 24), (told.Decisions, told.Rewards));
        await EqualAsync(cluster);

        var late = await cluster.AddAsync();
        await EqualAsync(cluster);
        var decided = await late.Personalizer.RecommendAsync(Page(new UserId("stranger"), 9), Cancellation);
        Assert.True(decided.Decision!.PolicyVersion >= told.PolicyVersion, $"version {decided.Decision.PolicyVersion}, {told.PolicyVersion} was in force");
    }

    [Fact]
    public async Task Entries_that_are_too_long_to_be_told_are_read_from_the_journal()
    {
        await using var cluster = await TestCluster.StartAsync(2, node => node with { EntryBytesMax = 1 });
        await cluster.Nodes[1].Personalizer.UpsertAsync(Items, Cancellation);
        var load = new ClusterLoad(number => cluster.Nodes[number % 2].Personalizer, users: 4);
        var running = load.RunAsync();
        await TestCluster.UntilAsync(() => Task.FromResult(load.Rounds >= 40 ? null : $"{load.Rounds} rounds"));
        load.End();
        await running;
        await cluster.Nodes[1].Personalizer.PublishAsync(Cancellation);
        await EqualAsync(cluster);
    }

    [Fact]
    public async Task A_node_that_leaves_under_load_hands_over_and_nothing_is_lost()
    {
        await using var cluster = await TestCluster.StartAsync(3, postgres: PostgresServer.Shared().NewDatabase());
        var (leaving, staying) = (cluster.Nodes[0], cluster.Nodes.Skip(1).ToList());
        await staying[0].Personalizer.UpsertAsync(Items, Cancellation);
        var load = new ClusterLoad(number => staying[number % 2].Personalizer, users: 12);
        var running = load.RunAsync();
        await TestCluster.UntilAsync(() => Task.FromResult(load.Rounds >= 40 ? null : $"{load.Rounds} rounds"));

        // The oldest: it holds the writers.
        await cluster.LeaveAsync(leaving);
        var before = load.Rounds;
        await TestCluster.UntilAsync(() => Task.FromResult(load.Rounds >= before + 40 ? null : $"{load.Rounds} rounds, {before} before"));
        load.End();
        await running;
        await BalancedAsync(cluster, load);
    }

    [Fact]
    public async Task The_writers_node_is_gone_without_a_word_and_each_reward_counts_once()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var (gone, staying) = (cluster.Nodes[0], cluster.Nodes.Skip(1).ToList());
        await staying[0].Personalizer.UpsertAsync(Items, Cancellation);
        var load = new ClusterLoad(number => staying[number % 2].Personalizer, users: 12);
        var running = load.RunAsync();
        await TestCluster.UntilAsync(() => Task.FromResult(load.Rounds >= 40 ? null : $"{load.Rounds} rounds"));

        await cluster.CrashAsync(gone);
        var before = load.Rounds;
        await TestCluster.UntilAsync(() => Task.FromResult(load.Rounds >= before + 60 ? null : $"{load.Rounds} rounds, {before} before"), seconds: 60);
        load.End();
        await running;
        await BalancedAsync(cluster, load);
    }

    [Fact]
    public async Task Nodes_with_a_certificate_speak_encrypted_and_let_nobody_in_without_it()
    {
        using var ours = SelfSigned("ours");
        using var theirs = SelfSigned("ours");
        await using var cluster = await TestCluster.StartAsync(2, node => node with { Certificate = ours });
        await cluster.Nodes[1].Personalizer.UpsertAsync(Items, Cancellation);
        for (var number = 0; number < 8; number++)
        {
            var user = new UserId($"user-{number}");
            Assert.Equal(ObserveStatus.Accepted, (await cluster.Nodes[number % 2].Personalizer.ObserveAsync(View(user, 0), Cancellation)).Status);
            Assert.Equal(ObserveStatus.Duplicate, (await cluster.Nodes[(number + 1) % 2].Personalizer.ObserveAsync(View(user, 0), Cancellation)).Status);
        }

        var refused = await Task.WhenAll(new[] { null, theirs }.Select(
            another => Assert.ThrowsAsync<InvalidDataException>(() => cluster.AddAsync(node => node with { Certificate = another }, hocon: TestCluster.SoonGivesUp))));
        Assert.All(refused, fault => Assert.StartsWith($"no seed of {cluster.Nodes[0].Seed} let this node in", fault.Message, StringComparison.Ordinal));
        Assert.Equal(2, Akka.Cluster.Cluster.Get(cluster.Nodes[0].System).State.Members.Count);
    }

    [Fact]
    public async Task A_node_with_another_encoder_is_refused_and_told_why()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => cluster.AddAsync(encoderSeed: 2));
        var encoder = (await cluster.Nodes[0].HomeAsync()).ModelVersion;
        Assert.StartsWith($"node akka.tcp://shop@{cluster.Nodes[0].Seed} serves encoder {encoder} and this one encoder ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(": start this one with the same, or stop all nodes to change it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_the_calls_that_may_be_under_way_a_node_is_busy()
    {
        await using var cluster = await TestCluster.StartAsync(1, node => node with { InFlightMax = 2 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => cluster.Nodes[0].Personalizer.ObserveAsync(View(new UserId($"user-{number}"), 0), Cancellation)));
        Assert.Equal(2, answers.Count(answer => answer.Status is ObserveStatus.Accepted));
        Assert.Equal(38, answers.Count(answer => answer.Status is ObserveStatus.Busy));
        Assert.Equal(ObserveStatus.Accepted, (await cluster.Nodes[0].Personalizer.ObserveAsync(View(Sample.Ann, 0), Cancellation)).Status);
    }

    // Each event once, each reward once, and every node has learned the same: what a fold of the journals says.
    private static async Task BalancedAsync(TestCluster cluster, ClusterLoad load)
    {
        var personalizer = cluster.Nodes[0].Personalizer;
        foreach (var (name, (events, rewards)) in load.Ledger)
        {
            var user = await personalizer.UserAsync(new UserId(name), Cancellation);
            Assert.Equal((events, rewards), (user!.Accepted, user.RewardsJoined));
        }

        var expected = load.Ledger.Values.Sum(of => of.Rewards);
        await TestCluster.UntilAsync(async () =>
        {
            await personalizer.PublishAsync(Cancellation);
            var home = await cluster.Nodes[0].HomeAsync();
            return home.Rewards == expected && home.Decisions == expected ? null : $"{home.Rewards} rewards and {home.Decisions} decisions learned, {expected} each were made";
        });
        await EqualAsync(cluster);
        var rebuilt = await RebuiltAsync(cluster.Nodes[0]);
        Assert.Equal((load.Ledger.Values.Sum(of => (long)of.Events), expected), (rebuilt.Accepted, rebuilt.RewardsJoined));
    }

    // Lessons of touches, which nobody waits for, may still come: in the end all are equal.
    private static Task EqualAsync(TestCluster cluster) => TestCluster.UntilAsync(async () =>
    {
        var views = await Task.WhenAll(cluster.Nodes.Select(node => node.HomeAsync()));
        var rebuilt = await RebuiltAsync(cluster.Nodes[0]);
        return views.All(view => view.PolicyVersion == views[0].PolicyVersion && view.PolicyHash == rebuilt.PolicyHash)
            ? null
            : $"{rebuilt.PolicyHash} is rebuilt: {string.Join("; ", views.Select(view => $"{view.PolicyVersion} {view.PolicyHash}"))}";
    });

    private static Task<RebuiltState> RebuiltAsync(TestNode node)
        => RebuiltState.ReadAsync(node.System, new(), [new ScenarioOptions { Id = Sample.Home }], _ => { }, Cancellation);

    private static Interaction View(UserId user, int second)
        => new(new EventId($"view-{second}"), user, InteractionKind.ViewItem, Sample.Noon.AddSeconds(second), [Sample.Item("item-1")]);

    private static RecommendRequest Page(UserId user, int second) => new(user, Sample.Home, $"page-{second}", Sample.Noon.AddSeconds(second), 2, [], []);

    private static Interaction Click(Decision decision, int second) => new(
        new EventId($"click-{second}"), decision.User, InteractionKind.SelectItem, Sample.Noon.AddSeconds(second), [decision.Slate[0].Item],
        recommendationId: decision.Id.Value, position: 0);

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
