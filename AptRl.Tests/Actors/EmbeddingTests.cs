using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Actors.Streams;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MyShop;
using Xunit;

namespace AptRl.Tests.Actors;

/// <summary>The whole of AptRl in somebody else's host, on a real journal.</summary>
[Collection("Torch")]
public sealed class EmbeddingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-embedded-").FullName;
    private IHost _host = null!;

    private IPersonalizer Personalizer => _host.Services.GetRequiredService<IPersonalizer>();

    private ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        JournalFolder.Delete(_folder);
    }

    [Fact]
    public async Task A_shop_observes_and_asks_and_its_stream_does_both()
    {
        await Personalizer.UpsertAsync([.. "abc".Select(name => new Item(Sample.Item($"{name}"), true, []))], Cancellation);
        var decision = await EmbeddedShop.ViewAsync(Personalizer, Sample.Ann, Sample.Item("a"), Sample.Noon);
        Assert.Equal(["b", "c"], decision.Slate.Select(shown => shown.Item.Value).Order());
        Assert.Equal(Sample.Noon, decision.SeenThrough);

        Interaction[] clicks = [Sample.At(1, "1", "b"), Sample.At(2, "2", "c"), Sample.At(3, "3", "a")];
        var decisions = await EmbeddedShop.StreamAsync(System, Source.From(clicks));
        Assert.Equal(clicks.Select(click => click.At), decisions.Select(decided => decided.At));
        Assert.Equal((4, 4), await Personalizer.UserAsync(Sample.Ann, Cancellation) is { } ann ? (ann.Accepted, ann.DecisionCount) : default);

        // Sent again, as a restarted stream does: the same decisions, and nothing is counted twice.
        var outcomes = await Source.From(clicks)
            .Via(PersonalizationFlow.Outcomes(System, new PersonalizationFlowOptions { Count = 2 }))
            .RunWith(Sink.Seq<Outcome>(), System.Materializer());
        Assert.All(outcomes, outcome => Assert.Equal(ObserveStatus.Duplicate, outcome.Observed.Status));
        Assert.Equal(decisions.Select(decided => decided.Id), outcomes.Select(outcome => outcome.Decision!.Id));
        Assert.Equal(1, await Source.From(clicks.Append(Sample.At(4, "4", "a")))
            .RunWith(PersonalizationFlow.Observe(System, new PersonalizationFlowOptions()), System.Materializer()));
    }

    [Fact]
    public async Task A_shops_own_graph_commits_what_is_durable_and_goes_on_where_it_was()
    {
        await Personalizer.UpsertAsync([.. "abc".Select(name => new Item(Sample.Item($"{name}"), true, []))], Cancellation);
        (Interaction Click, long Offset)[] log =
        [
            (Sample.At(60, "1", "a"), 1), (Sample.At(61, "2", "b"), 2), (Sample.At(60 - (25 * 60), "3", "c"), 3), (Sample.At(62, "4", "c"), 4),
        ];
        var (shown, late, committed) = (new List<Decision>(), new List<Interaction>(), new List<long>());

        // The shop's graph breaks when the third slate is shown: two are committed.
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(log, breaksAt: 3));
        Assert.Equal([1, 2], committed);

        // Started again from the next offset, it shows the same slate for what was under way.
        var underWay = shown[^1];
        await RunAsync(log[2..], breaksAt: int.MaxValue);
        Assert.Equal([1, 2, 3, 4], committed);
        Assert.Contains(underWay.Id, shown.Skip(3).Select(decision => decision.Id));
        Assert.All(late, click => Assert.Equal("3", click.Id.Value));
        Assert.Equal((3, 4), await Personalizer.UserAsync(Sample.Ann, Cancellation) is { } ann ? (ann.Accepted, ann.DecisionCount) : default);

        // Its mails read every decision once, in order, over a restart of both.
        var mailed = new List<string>();
        var through = await MailAsync(mailed, after: 0, until: 2);
        await StopAsync();
        await StartAsync();
        await MailAsync(mailed, through, until: 4);
        Assert.Equal(shown.Select(decision => decision.Id.Value).Distinct(), mailed);

        Task RunAsync((Interaction, long)[] from, int breaksAt) => EmbeddedShop.RunAsync(
            System,
            Source.From(from),
            decision =>
            {
                shown.Add(decision);
                return shown.Count == breaksAt ? Task.FromException(new InvalidOperationException("the page is gone")) : Task.CompletedTask;
            },
            Sink.ForEach<Interaction>(late.Add).MapMaterializedValue(_ => Akka.NotUsed.Instance),
            offset =>
            {
                committed.Add(offset);
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task The_first_decision_after_a_restart_is_made_by_the_policy_that_was_in_force()
    {
        await Personalizer.UpsertAsync([.. "abc".Select(name => new Item(Sample.Item($"{name}"), true, []))], Cancellation);
        await EmbeddedShop.ViewAsync(Personalizer, Sample.Ann, Sample.Item("a"), Sample.Noon);
        await Personalizer.PublishAsync(Cancellation);
        await StopAsync();
        await StartAsync();

        var decision = await EmbeddedShop.ViewAsync(Personalizer, Sample.Ann, Sample.Item("b"), Sample.Noon.AddMinutes(1));
        Assert.True(decision.PolicyVersion > 0, $"version {decision.PolicyVersion}");
        Assert.Equal(2, decision.Slate.Length);
    }

    [Fact]
    public async Task Agents_that_throw_go_on_with_the_policy_and_the_catalogue_that_they_had()
    {
        await Personalizer.UpsertAsync([.. "abc".Select(name => new Item(Sample.Item($"{name}"), true, []))], Cancellation);
        await EmbeddedShop.ViewAsync(Personalizer, Sample.Ann, Sample.Item("a"), Sample.Noon);
        await Personalizer.PublishAsync(Cancellation);
        var agents = System.ActorSelection("/user/agents-home");
        for (var agent = 0; agent < 4; agent++)
        {
            agents.Tell(new Decide(null!)); // nothing that a user could send: it throws
        }

        for (var agent = 0; agent < 4; agent++)
        {
            var decision = await EmbeddedShop.ViewAsync(Personalizer, Sample.Ann, Sample.Item("a"), Sample.Noon.AddMinutes(1 + agent));
            Assert.Equal((true, 2), (decision.PolicyVersion > 0, decision.Slate.Length));
        }
    }

    [Fact]
    public async Task A_user_is_exported_in_order_and_after_deletion_there_is_nothing()
    {
        await Personalizer.UpsertAsync([.. "abc".Select(name => new Item(Sample.Item($"{name}"), true, []))], Cancellation);
        var decision = await EmbeddedShop.ViewAsync(Personalizer, Sample.Ann, Sample.Item("a"), Sample.Noon);
        await Personalizer.ObserveAsync(Sample.At(1, "click", decision.Slate[0].Item.Value), Cancellation);

        var facts = await ExportAsync();
        Assert.Equal([true, false, true], facts.Select(fact => fact.Interaction is not null));
        Assert.Equal(decision.Id, facts[1].Decision!.Id);
        Assert.Equal("click", facts[2].Interaction!.Id.Value);

        Assert.True(await Personalizer.DeleteAsync(Sample.Ann, Cancellation));
        Assert.Empty(await ExportAsync());
        Assert.Null(await Personalizer.UserAsync(Sample.Ann, Cancellation));
        Assert.Null(await Personalizer.FindAsync(decision.Id, Cancellation));
        Assert.False(await Personalizer.DeleteAsync(Sample.Ann, Cancellation));
        Assert.Equal(ObserveStatus.Accepted, (await Personalizer.ObserveAsync(Sample.At(1, "click", "a"), Cancellation)).Status);
    }

    [Fact]
    public async Task A_second_process_and_a_second_host_are_kept_out_of_the_folder()
    {
        var expected = $"{_folder} is in use by another AptRl process: stop it, or name another --data-dir";
        using var second = EmbeddedShop.Create(_folder);
        Assert.Equal(expected, (await Assert.ThrowsAsync<IOException>(() => second.StartAsync(Cancellation))).Message);

        var (code, _, error) = await AptRlProcess.RunAsync("replay", "--verify", "--data-dir", _folder);
        Assert.Equal(1, code);
        Assert.Contains($"aptrl: {expected}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("journal.db", "not a database at all")]
    [InlineData("snapshots.db", "SQLite")]
    public void A_file_that_is_no_journal_is_refused_and_left_alone(string name, string content)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        File.WriteAllText(Path.Combine(folder, name), content);
        var fault = Assert.Throws<InvalidDataException>(() => new SqliteStore(folder, Durability.Process));
        Assert.Equal($"{Path.Combine(folder, name)} is no AptRl journal (it does not begin as an SQLite file): move it away or name another folder", fault.Message);
        Assert.Equal(content, File.ReadAllText(Path.Combine(folder, name)));
    }

    private Task<System.Collections.Immutable.IImmutableList<UserFact>> ExportAsync()
        => Personalizer.Export(Sample.Ann).RunWith(Sink.Seq<UserFact>(), System.Materializer());

    private async ValueTask StartAsync()
    {
        _host = EmbeddedShop.Create(_folder);
        await _host.StartAsync(Cancellation);
    }

    private async Task<long> MailAsync(List<string> mailed, long after, int until)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var through = after;
        await EmbeddedShop.MailAsync(
            System,
            after,
            decision =>
            {
                mailed.Add(decision.Id.Value);
                return Task.CompletedTask;
            },
            offset =>
            {
                through = offset;
                return mailed.Count == until ? enough.CancelAsync() : Task.CompletedTask;
            },
            enough.Token);
        return through;
    }

    private async Task StopAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
