using System.CommandLine;
using System.Text.Json.Nodes;
using AptRl.Host.Commands;
using Xunit;

namespace AptRl.Tests.Host.Versions;

[Collection("Torch")]
public sealed class VersionsCommandTests(TwoEncoders encoders) : IClassFixture<TwoEncoders>
{
    [Fact]
    public async Task An_encoder_is_added_compared_promoted_and_rolled_back()
    {
        var folder = Directory.CreateDirectory(encoders.PathOf("walk")).FullName;
        File.Copy(Path.Combine(encoders.PathOf("made"), "journal.db"), Path.Combine(folder, "journal.db"));
        var json = Path.Combine(folder, "result.json");

        // The encoder that serves must be named, and be the one that made the decisions.
        Assert.Contains("were made with encoder " + encoders.First, (await RunAsync(1, "add", encoders.PathOf("second"), "--data-dir", folder)).Error, StringComparison.Ordinal);
        await RunAsync(0, "add", encoders.PathOf("second"), "--serving", encoders.PathOf("first"), "--data-dir", folder, "--json", json);
        Assert.Equal($"{encoders.First} active, {encoders.Second} shadow", StatesOf(json));

        var compared = await RunAsync(0, "compare", encoders.Second[..6], "--data-dir", folder, "--positions", "1", "--resamples", "40", "--json", json);
        var result = JsonNode.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken))!;
        Assert.Equal((encoders.Second, 6), ((string)result["target"]!, result["estimators"]!.AsArray().Count));
        Assert.Equal((700, 0), ((int)result["encoded"]!, (int)result["lost"]!));
        Assert.True((double)result["rebuilt"]! > 0.95, compared.Output);

        // The version that serves, compared with itself, is the policy that was logged: every weight is 1.
        await RunAsync(0, "compare", encoders.First, "--data-dir", folder, "--positions", "2", "--resamples", "40", "--json", json);
        var itself = JsonNode.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken))!["diagnosis"]!;
        Assert.Equal((1.0, 1.0), (Math.Round((double)itself["weightMean"]!, 3), Math.Round((double)itself["weightMax"]!, 2)));

        await RunAsync(0, "promote", encoders.Second[..4], "--data-dir", folder, "--json", json);
        Assert.Equal($"{encoders.First} former, {encoders.Second} active", StatesOf(json));
        Assert.Contains("must stay", (await RunAsync(1, "remove", encoders.First, "--data-dir", folder)).Error, StringComparison.Ordinal);
        await RunAsync(0, "rollback", "--data-dir", folder);
        await RunAsync(0, "remove", encoders.Second, "--data-dir", folder, "--json", json);
        Assert.Equal($"{encoders.First} active", StatesOf(json));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "versions")).Length);
    }

    [Theory]
    [InlineData("has no versions", "list", "--data-dir", "/no/such/folder")]
    [InlineData("are not there", "add", "/no/such/encoder", "--data-dir", "/no/such/folder")]
    public async Task What_cannot_be_done_is_told_in_a_line(string told, params string[] args)
        => Assert.Contains(told, (await RunAsync(1, args)).Error, StringComparison.Ordinal);

    private static string StatesOf(string json)
        => string.Join(", ", JsonNode.Parse(File.ReadAllText(json))!["versions"]!.AsArray().Select(version => $"{version!["id"]} {version["state"]}"));

    private static async Task<(string Output, string Error)> RunAsync(int expected, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(
            new RootCommand { VersionsCommand.Create() }, ["versions", .. args], new InvocationConfiguration { Output = output, Error = error });
        Assert.True(code == expected, $"{code}\n{output}\n{error}");
        return (output.ToString(), error.ToString());
    }
}
