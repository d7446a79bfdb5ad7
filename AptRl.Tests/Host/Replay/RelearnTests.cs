using System.Text.Json.Nodes;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Replay;

[Collection("Torch")]
public sealed class RelearnTests(ReplayedLog log) : IClassFixture<ReplayedLog>
{
    [Fact]
    public async Task A_log_is_learned_anew_under_another_table_and_the_report_says_what_changed()
    {
        var same = await RelearnAsync("""{"tables":[{"name":"same","weights":{"click":0.2,"cart":0.5,"purchase":1,"dismiss":-0.5,"leave":-0.2}}]}""");
        Assert.Equal((string)same["thetaHash"]!, (string)same["thetaHashAgainst"]!);
        Assert.Equal((0.0, (long)same["rewards"]!), ((double)same["firstChanged"]!, (long)same["rewardsAgainst"]!));
        Assert.Equal((long)JsonNode.Parse(log.Undisturbed.Outcome)!["rewardsJoined"]!, (long)same["rewards"]!);

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

    [Theory]
    [InlineData("""{"tables":[{"weights":{"klick":1}}]}""", "'klick' is no reward: the rewards are click, cart, purchase, dismiss, leave, value")]
    [InlineData("""{"tables":[{"name":"x"}]}""", "a table has no weights")]
    [InlineData("""{"tables":[{"weights":{},"discont":0.5}]}""", "discont")]
    public async Task A_table_that_makes_no_sense_is_an_error_that_says_so(string json, string fault)
    {
        var file = log.FolderOf("bad-tables.json");
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        var (code, _, error) = await AptRlProcess.RunAsync("replay", "--rewards", file, "--data-dir", log.Undisturbed.Folder);
        Assert.Equal(2, code);
        Assert.Contains(fault, error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> RelearnAsync(string tables)
    {
        var file = log.FolderOf("tables.json");
        await File.WriteAllTextAsync(file, tables, TestContext.Current.CancellationToken);
        var (code, output, error) = await AptRlProcess.RunAsync("replay", "--rewards", file, "--data-dir", log.Undisturbed.Folder, "--json", "-");
        Assert.True(code == 0, $"{output}\n{error}");
        return JsonNode.Parse(output)!["scenarios"]![0]!;
    }
}
