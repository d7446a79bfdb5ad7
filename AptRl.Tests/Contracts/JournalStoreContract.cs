using System.Collections.Immutable;
using System.Data.Common;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Actors.Inspection;
using AptRl.Actors.Persistence;
using AptRl.Actors.Users;
using AptRl.Host.Commands;
using AptRl.Host.Hosting;
using AptRl.Host.Replay;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Contracts;

/// <summary>What AptRl needs of whatever keeps its journal: the whole of it runs on the store, is stopped, and runs again.</summary>
[Collection("Torch")]
public abstract class JournalStoreContract : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-store-").FullName;
    private PostgresOptions? _database;
    private EmbeddedAptRl? _aptRl;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal IPersonalizer Personalizer => _aptRl!.Personalizer;

    internal EmbeddedAptRl AptRl => _aptRl!;

    protected AptRlOptions Options => new()
    {
        DataDirectory = _folder,
        Postgres = _database,
        Model = EncoderModel.Fresh(new EncoderOptions(), [], seed: 1),
        Users = new() { SnapshotEvery = 3 },
        FutureMax = null,
        Learner = new() { PublishEvery = TimeSpan.Zero, SnapshotEvery = 2 },
    };

    /// <summary>The database of a test; null for files in its folder.</summary>
    protected abstract PostgresOptions? NewDatabase();

    public async ValueTask InitializeAsync()
    {
        _database = NewDatabase();
        await StartAsync();
        await Personalizer.UpsertAsync([.. "abcdef".Select(name => new Item(Sample.Item($"{name}"), true, []))], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await StopAsync();
        JournalFolder.Delete(_folder);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_restart_with_and_without_snapshots_and_the_journal_rebuilds_it()
    {
        foreach (var user in (string[])["ann", "bob", "cid"])
        {
            await VisitAsync(new UserId(user), visits: 4);
        }

        await Personalizer.PublishAsync(Cancellation);
        var before = await LiveState.ReadAsync(AptRl);
        Assert.Equal((3L, 24L, 12L, 12L), (before.Users, before.Accepted, before.Decisions, before.RewardsJoined));
        await RestartAsync();

        Assert.Equal(before, await LiveState.ReadAsync(AptRl));
        Assert.Equal(before, await RebuiltState.ReadAsync(AptRl.System, Options.Windows, Options.Scenarios, _ => { }, Cancellation));
        Assert.Equal("a", (await Personalizer.ItemAsync(Sample.Item("a"), Cancellation))?.Id.Value);

        await StopAsync();
        Assert.True(DeleteSnapshots() > 0);
        await StartAsync();
        Assert.Equal(before, await LiveState.ReadAsync(AptRl));
    }

    [Fact]
    public async Task Many_users_at_once_are_each_answered_once_it_is_written()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            n => Personalizer.ObserveAsync(View(new UserId($"u{n % 50}"), $"e{n}", n / 50), Cancellation)));
        Assert.All(answers, answer => Assert.Equal(ObserveStatus.Accepted, answer.Status));
        var rebuilt = await RebuiltState.ReadAsync(AptRl.System, Options.Windows, Options.Scenarios, _ => { }, Cancellation);
        Assert.Equal((50L, 200L), (rebuilt.Users, rebuilt.Accepted));
        var again = await Personalizer.ObserveAsync(View(new UserId("u7"), "e7", 0), Cancellation);
        Assert.Equal(ObserveStatus.Duplicate, again.Status);
    }

    [Fact]
    public async Task Of_a_deleted_user_nothing_is_left_and_who_returns_begins_anew()
    {
        await VisitAsync(Sample.Ann, visits: 3);
        await VisitAsync(new UserId("bob"), visits: 1);
        Assert.Equal(["ann", "bob"], Found(""));
        Assert.True(await Personalizer.DeleteAsync(Sample.Ann, Cancellation));

        Assert.Empty(await ExportAsync());
        Assert.Equal(["bob"], Found(""));
        Assert.Equal(1, Count("SELECT count(*) FROM journal WHERE persistence_id = 'user-ann'"));
        await RestartAsync();
        Assert.Null(await Personalizer.UserAsync(Sample.Ann, Cancellation));
        await VisitAsync(Sample.Ann, visits: 1);
        await RestartAsync();
        Assert.Equal(2, (await Personalizer.UserAsync(Sample.Ann, Cancellation))!.Accepted);
        Assert.Equal([true, false, true], (await ExportAsync()).Select(fact => fact.Interaction is not null));
    }

    [Fact]
    public async Task Users_of_whom_nothing_was_written_for_long_are_deleted_and_who_came_back_is_not()
    {
        UserId[] names = [.. "abcde".Select(name => new UserId($"{name}"))];
        foreach (var user in names[..3])
        {
            await VisitAsync(user, visits: 1);
        }

        await RestartAsync();
        var between = TimeProvider.System.GetUtcNow();
        await VisitAsync(names[1], visits: 1, from: 1);
        foreach (var user in names[3..])
        {
            await VisitAsync(user, visits: 1);
        }

        // Nothing is older than the first fact, and a look at two rows at a time finds the same as one at all of them.
        Assert.Empty(new QuietUsers(AptRl.System).Next(between.AddDays(-1), rows: 100).Users);
        var (quiet, byTwo) = (new QuietUsers(AptRl.System), new List<string>());
        for (var hasMore = true; hasMore;)
        {
            (var found, hasMore) = quiet.Next(between, rows: 2);
            byTwo.AddRange(found.Select(one => one.User.Value));
        }

        Assert.Equal(["a", "c"], byTwo.Distinct().Order());

        // c comes back between the look and the deletion, and stays with all that it had.
        var seen = new QuietUsers(AptRl.System).Next(between, rows: 100).Users;
        Assert.Equal(["a", "c"], seen.Select(one => one.User.Value).Order());
        await Personalizer.ObserveAsync(View(names[2], "back", 1), Cancellation);
        var region = ClusterSharding.Get(AptRl.System).ShardRegion("user");
        foreach (var (user, newest) in seen)
        {
            Assert.Equal(user.Value == "a", (await region.Ask<Deleted>(new Delete(user, newest), Cancellation)).WasKnown);
        }

        Assert.Equal(["b", "c", "d", "e"], Found(""));
        Assert.Equal(3, (await Personalizer.UserAsync(names[2], Cancellation))!.Accepted);

        // A pass a day from now finds all of them, and of the deleted one nothing.
        Assert.Equal((4, false), await RetentionActor.OnceAsync(AptRl.System, new QuietUsers(AptRl.System), TimeProvider.System.GetUtcNow().AddDays(1), TimeProvider.System));
        Assert.Empty(Found(""));
    }

    [Fact]
    public async Task Users_are_found_by_the_beginning_of_their_names_byte_by_byte()
    {
        var longest = new string('z', Identifier.LengthMax);
        string[] names = ["ann", "Ann", "anna", "an", "än", "a_n", "a%", "b", "日本", longest];
        foreach (var name in names)
        {
            await Personalizer.ObserveAsync(View(new UserId(name), "e", 0), Cancellation);
        }

        Assert.Equal(["an", "ann", "anna"], Found("an"));
        Assert.Equal(["a_n"], Found("a_"));
        Assert.Equal(names.Order(StringComparer.Ordinal), Found(""));
        Assert.Equal([longest], Found("zz"));
        Assert.Equal(["日本"], Found("日"));
        Assert.Equal(["Ann", "a%", "a_n"], new JournalUsers(AptRl.System).Find("", 3).Select(user => user.Value));
    }

    [Fact]
    public async Task A_decision_tells_how_it_came_about_and_an_earlier_policy_is_rebuilt_to_the_bit()
    {
        await VisitAsync(Sample.Ann, visits: 2);
        await Personalizer.PublishAsync(Cancellation);
        await VisitAsync(Sample.Ann, visits: 2, from: 10);
        await Personalizer.PublishAsync(Cancellation);

        var travel = await new TimeMachine(AptRl.System).GoAsync(
            new TimeTravelRequest(Sample.Ann, Sample.Home, 1, 2, Sample.Noon.AddHours(1)), _ => { }, Cancellation);
        Assert.True(travel.IsEqual, $"{travel.RebuiltHash} {travel.LiveHash}");
        Assert.Equal((1L, 2L), (travel.Then.PolicyVersion, travel.NowVersion));
        var origin = await new DecisionOrigins(AptRl.System).ReadAsync(DecisionId.For(Sample.Ann, Sample.Home, "ann-page-11"), Cancellation);
        Assert.NotNull(origin);
        var relearned = await Relearning.ReadAsync(AptRl.System, Options.WindowsInForce, Options.Scenarios, null, _ => { }, Cancellation);
        Assert.Equal((4L, 4L), (relearned[0].Decisions, relearned[0].RewardCount));
        Assert.Equal(4, (await JournalFacts.DecisionsAsync(AptRl.System, 100, Cancellation)).Decisions.Count);
    }

    [Fact]
    public async Task It_tells_its_scenarios_the_encoder_that_decided_last_and_its_size_to_readers_who_cannot_write()
    {
        var before = await new NodeStatus(AptRl.System).ReadAsync(Cancellation);
        using (var store = Open())
        {
            Assert.True(store.HasJournal()); // the catalogue
            Assert.Empty(store.Scenarios());
            Assert.Null(store.NewestEncoder());
        }

        await VisitAsync(Sample.Ann, visits: 1);
        await Personalizer.PublishAsync(Cancellation);
        using (var store = Open())
        {
            Assert.Equal([Sample.Home], store.Scenarios());
            Assert.Equal(Options.Model.Version, store.NewestEncoder());

            // Who reads beside the actors cannot write.
            using var connection = store.OpenToRead();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM journal";
            Assert.ThrowsAny<DbException>(() => command.ExecuteNonQuery());
        }

        var after = await new NodeStatus(AptRl.System).ReadAsync(Cancellation);
        Assert.True(after.Journal.Written > before.Journal.Written);
        Assert.True(after.Journal.JournalBytes > 0);
        Assert.Equal((_database is null ? Durability.Process : Durability.PowerCut).ToString(), after.Journal.Durability);
    }

    [Fact]
    public async Task A_second_process_is_kept_out_until_the_first_has_ended()
    {
        var other = Options with { DataDirectory = _database is null ? _folder : Path.Combine(_folder, "other") };
        var fault = await Assert.ThrowsAsync<UserErrorException>(() => EmbeddedAptRl.StartAsync(other, Cancellation));
        Assert.Contains("is in use by another AptRl process: stop it, or name another", fault.Message, StringComparison.Ordinal);
        await StopAsync();
        await (await EmbeddedAptRl.StartAsync(other, Cancellation)).DisposeAsync();
    }

    internal JournalStore Open() => JournalStore.Open(_folder, null, _database);

    protected async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    protected async Task StartAsync() => _aptRl = await EmbeddedAptRl.StartAsync(Options, Cancellation);

    protected async Task StopAsync()
    {
        if (_aptRl is not null)
        {
            await _aptRl.DisposeAsync();
            _aptRl = null;
        }
    }

    /// <summary>Takes all snapshots away while nothing runs.</summary>
    protected abstract long DeleteSnapshots();

    protected string Folder => _folder;

    protected PostgresOptions? Database => _database;

    protected static Interaction View(UserId user, string id, double minute)
        => new(new EventId(id), user, InteractionKind.ViewItem, Sample.Noon.AddMinutes(minute), [Sample.Item("a")]);

    // A view, a page of two items, a click on the first.
    protected async Task VisitAsync(UserId user, int visits, int from = 0)
    {
        for (var visit = from; visit < from + visits; visit++)
        {
            await Personalizer.ObserveAsync(View(user, $"view-{visit}", visit), Cancellation);
            var request = new RecommendRequest(user, Sample.Home, $"{user}-page-{visit}", Sample.Noon.AddMinutes(visit), 2, [], []);
            var page = await Personalizer.RecommendAsync(request, Cancellation);
            var click = new Interaction(
                new EventId($"click-{visit}"), user, InteractionKind.SelectItem, Sample.Noon.AddMinutes(visit + 0.5), [page.Decision!.Slate[0].Item],
                recommendationId: page.Decision.Id.Value);
            Assert.Equal(new Observed(click.Id, ObserveStatus.Accepted, 1), await Personalizer.ObserveAsync(click, Cancellation));
        }
    }

    private IEnumerable<string> Found(string beginning) => new JournalUsers(AptRl.System).Find(beginning, 100).Select(user => user.Value);

    private Task<IImmutableList<UserFact>> ExportAsync()
        => Personalizer.Export(Sample.Ann).RunWith(Sink.Seq<UserFact>(), AptRl.System.Materializer());

    private long Count(string sql)
    {
        using var store = Open();
        using var connection = store.OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
