using System.Text.Json.Nodes;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.Hosting;
using AptRl.Model.Encoding;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Replay;

/// <summary>What a journal is folded to: the same on every machine, and something else under other rewards.</summary>
[Collection("Torch")]
public sealed class JournalFoldTests(SmallReplay replay) : IClassFixture<SmallReplay>
{
    [Fact]
    public async Task Narrower_vectors_give_the_same_hash()
    {
        foreach (var off in (string[][])[["DOTNET_EnableAVX512"], ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2"], ["DOTNET_EnableHWIntrinsic"]])
        {
            using var program = AptRlProcess.Start(
                off.Select(name => KeyValuePair.Create(name, "0")), ["replay", "--verify", "--json", "-", "--data-dir", replay.Folder, .. replay.Learner]);
            var (code, report, error) = await program.EndAsync();
            Assert.True(code == 0, $"{string.Join(' ', off)}: {report}\n{error}");
            var hash = JsonNode.Parse(report)!["comparisons"]!.AsArray().Single(comparison => (string)comparison!["what"]! == "policy hash")!;
            Assert.Equal((string)replay.Report["policyHash"]!, (string)hash["rebuilt"]!);
        }
    }

    [Fact]
    public async Task A_log_is_learned_anew_under_another_table_and_the_report_says_what_changed()
    {
        var same = await RelearnAsync("""{"tables":[{"name":"same","weights":{"click":0.2,"cart":0.5,"purchase":1,"dismiss":-0.5,"leave":-0.2}}]}""");
        Assert.Equal((string)same["thetaHash"]!, (string)same["thetaHashAgainst"]!);
        Assert.Equal((0.0, (long)same["rewards"]!), ((double)same["firstChanged"]!, (long)same["rewardsAgainst"]!));
        Assert.Equal((long)replay.Report["rewardsJoined"]!, (long)same["rewards"]!);

        // Purchases alone, joined within a minute: fewer rewards, another θ, other first items.
        var other = await RelearnAsync("""
            {"tables":[{"scenario":"cart","weights":{}},
                       {"name":"bought","version":2,"weights":{"purchase":1},"clickAttribution":"00:01:00","purchaseAttribution":"00:01:00"}]}
            """);
        Assert.Equal(("bought 2", "default 1"), ((string)other["table"]!, (string)other["against"]!));
        Assert.NotEqual((string)other["thetaHash"]!, (string)other["thetaHashAgainst"]!);
        Assert.InRange((long)other["rewards"]!, 1, (long)other["rewardsAgainst"]! - 1);
        Assert.InRange((double)other["firstChanged"]!, 0.01, 1);
    }

    [Fact]
    public async Task Under_its_own_table_the_users_journals_give_what_the_learner_has_to_the_bit()
    {
        var options = new AptRlOptions
        {
            DataDirectory = replay.Folder, Model = EncoderModel.Fresh(new EncoderOptions(), [], seed: 1),
            Scenarios = [new ScenarioOptions { Id = Sample.Home, Learner = new LearnerOptions { Kind = LearnerKind.ActorCritic } }],
            Learner = new LearnerBatching { PublishEvery = TimeSpan.Zero },
        };
        await using var aptRl = await EmbeddedAptRl.StartAsync(options, TestContext.Current.CancellationToken);
        var relearned = await Relearning.ReadAsync(
            aptRl.System, options.WindowsInForce, options.Scenarios, null, _ => { }, TestContext.Current.CancellationToken);
        var learned = new LearnerJournal(options.Scenarios[0].Learner);
        await PersistenceQuery.Get(aptRl.System).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier)
            .CurrentEventsByPersistenceId(LearnerActor.PersistenceIdOf(Sample.Home), 0, long.MaxValue)
            .RunForeach(envelope => learned.Apply((LessonsLearned)envelope.Event), aptRl.System.Materializer());
        Assert.Equal(learned.Learner.Policy().Parameters.ToArray(), relearned[0].Parameters);
        Assert.Contains(relearned[0].Parameters, parameter => parameter != 0);
        Assert.Equal(learned.Learner.Rewards, relearned[0].RewardCount);
    }

    [Theory]
    [InlineData("""{"tables":[{"weights":{"klick":1}}]}""", "'klick' is no reward: the rewards are click, cart, purchase, dismiss, leave, value")]
    [InlineData("""{"tables":[{"name":"x"}]}""", "a table has no weights")]
    [InlineData("""{"tables":[{"weights":{},"discont":0.5}]}""", "discont")]
    public async Task A_table_that_makes_no_sense_is_an_error_that_says_so(string json, string fault)
    {
        var (code, _, error) = await RunAsync(json);
        Assert.Equal(2, code);
        Assert.Contains(fault, error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> RelearnAsync(string tables)
    {
        var (code, output, error) = await RunAsync(tables);
        Assert.True(code == 0, $"{output}\n{error}");
        return JsonNode.Parse(output)!["scenarios"]![0]!;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string tables)
    {
        var file = replay.FileOf("tables.json");
        await File.WriteAllTextAsync(file, tables, TestContext.Current.CancellationToken);
        return await AptRlProcess.RunAsync(["replay", "--rewards", file, "--data-dir", replay.Folder, "--json", "-", .. replay.Learner]);
    }
}
