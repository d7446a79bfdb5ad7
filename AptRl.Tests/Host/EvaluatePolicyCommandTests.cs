using System.CommandLine;
using System.Text.Json;
using AptRl.Host.Commands;
using AptRl.Tests.Model.OffPolicy;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class EvaluatePolicyCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-evaluate-policy-");

    public EvaluatePolicyCommandTests()
    {
        // Two items: the first is clicked by every second, the second by nobody. One policy shows both alike, one mostly the first.
        Write("random", OpenBanditTests.Drawn(1_000, i => (i % 2, 0.5, i % 4 == 0)));
        Write("other", OpenBanditTests.Drawn(1_000, i => i % 10 < 9 ? (0, 0.9, i % 2 == 0) : (1, 0.1, false)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_policy_is_judged_by_the_log_of_another_and_written_down()
    {
        var (code, output, error) = await RunAsync("--open-bandit", PathOf("random"), "--against", PathOf("other"), "--resamples", "200", "--json", PathOf("out/result.json"));

        Assert.True(code == 0, error);
        Assert.Contains("verdict  better, by dr", output, StringComparison.Ordinal);
        using var result = await ReadAsync("out/result.json");
        var root = result.RootElement;
        Assert.Equal(("random", "other", "better", "dr"), (Text(root, "log"), Text(root, "target"), Text(root, "verdict"), Text(root, "judgedBy")));

        // The target shows the first item with 0.9: 0.9 · ½ clicks. Weights: 1.8 half of the time, else 0.2.
        var ips = root.GetProperty("estimators").EnumerateArray().First();
        Assert.Equal(("ips", 0.45), (Text(ips, "name"), Math.Round(ips.GetProperty("value").GetDouble(), 9)));
        Assert.True(ips.GetProperty("low").GetDouble() < 0.45 && ips.GetProperty("high").GetDouble() > 0.45);
        Assert.Equal(1_000 / (0.5 * 1.8 * 1.8 + 0.5 * 0.2 * 0.2), ips.GetProperty("ess").GetDouble(), 6);
        Assert.Equal(8, root.GetProperty("estimators").GetArrayLength());
        Assert.Equal(0.5, root.GetProperty("truth").GetProperty("mean").GetDouble(), 9);
        Assert.Equal(250, root.GetProperty("diagnosis").GetProperty("rewarded").GetInt32());
    }

    [Fact]
    public async Task A_log_too_short_for_a_verdict_says_so_and_how_to_go_on()
    {
        Write("short", OpenBanditTests.Drawn(40, i => (i % 2, 0.5, i % 4 == 0)));
        var (code, output, _) = await RunAsync("--open-bandit", PathOf("short"), "--target", "uniform", "--reward-model", "none");

        Assert.Equal(0, code);
        Assert.Contains("verdict  refused, by snips", output, StringComparison.Ordinal);
        Assert.Contains("effective sample size 40.0 of 40 rounds is below 100: log more", output, StringComparison.Ordinal);
        Assert.DoesNotContain("dr-os", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("obp", "relativeError", 9)]
    [InlineData("coverage", "coverage", 14)]
    public async Task The_studies_report_every_estimator(string study, string figure, int estimators)
    {
        var (code, _, error) = await RunAsync("--synthetic", study, "--runs", "2", "--rounds", "300", "--resamples", "40", "--json", PathOf("study.json"));

        Assert.True(code == 0, error);
        using var result = await ReadAsync("study.json");
        Assert.Equal(study, Text(result.RootElement, "study"));
        Assert.Equal(estimators, result.RootElement.GetProperty("estimators").EnumerateArray().Count(estimator => estimator.GetProperty(figure).ValueKind is not JsonValueKind.Null));
    }

    [Fact]
    public async Task The_decisions_of_a_replay_are_a_log()
    {
        var lines = Enumerable.Range(0, 300).Select(i =>
            $$"""{"id":"e{{i}}","user":"u{{i % 7}}","time":"2026-05-01T{{10 + i / 60}}:{{i % 60:00}}:00Z","type":"view","item":"i{{(i * i + i / 7) % 9}}"}""");
        await File.WriteAllLinesAsync(PathOf("shop.ndjson"), lines, TestContext.Current.CancellationToken);
        var (replayed, _, replayError) = await AptRlProcess.RunAsync("replay", "--input", PathOf("shop.ndjson"), "--data-dir", PathOf("run"), "--count", "4");
        Assert.True(replayed == 0, replayError);

        var (code, output, error) = await AptRlProcess.RunAsync(
            "evaluate-policy", "--data-dir", PathOf("run"), "--target", "uniform", "--positions", "2", "--resamples", "40", "--json", PathOf("own.json"));
        Assert.True(code == 0, error);
        Assert.Contains("served   learned:", output, StringComparison.Ordinal);
        using var result = await ReadAsync("own.json");
        Assert.Equal(("uniform", "home", "click"), (Text(result.RootElement, "target"), Text(result.RootElement, "scenario"), Text(result.RootElement, "reward")));
        Assert.Equal(
            ["slate-ips", "position-ips", "cascade-ips", "cascade-snips", "slate-dm", "cascade-dr"],
            result.RootElement.GetProperty("estimators").EnumerateArray().Select(estimator => Text(estimator, "name")));
        var diagnosis = result.RootElement.GetProperty("diagnosis");
        Assert.Equal(7, diagnosis.GetProperty("clusters").GetInt32());
        Assert.InRange(diagnosis.GetProperty("weightMean").GetDouble(), 0.5, 1.5);
        Assert.Equal(2, result.RootElement.GetProperty("positions").GetInt32());
    }

    [Theory]
    [InlineData(2, "give one log")]
    [InlineData(2, "give one log", "--synthetic", "obp", "--data-dir", "x")]
    [InlineData(2, "--open-bandit", "--data-dir", "x", "--against", "y")]
    [InlineData(2, "give either --against", "--open-bandit", "x")]
    [InlineData(2, "obp", "--synthetic", "digits")]
    [InlineData(2, "nothing that was earned", "--data-dir", "x", "--reward", "next")]
    [InlineData(2, "below 40", "--synthetic", "obp", "--resamples", "39")]
    [InlineData(2, "gamma=NUMBER", "--data-dir", "x", "--target", "gamma=-1")]
    [InlineData(2, "leave --reward-model none out", "--synthetic", "obp", "--reward-model", "none")]
    [InlineData(1, "there is no journal", "--data-dir", "/no/such/folder")]
    [InlineData(1, "is not a folder", "--open-bandit", "/no/such/folder", "--target", "uniform")]
    public async Task What_cannot_be_done_is_told_in_a_line(int expected, string told, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal((expected, ""), (code, output));
        Assert.StartsWith("aptrl: ", error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_is_as_approved()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        ApprovedFile.Check("help-evaluate-policy.txt", output.Replace("AptRl.Tests evaluate-policy", "aptrl evaluate-policy", StringComparison.Ordinal));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private async Task<JsonDocument> ReadAsync(string name) => JsonDocument.Parse(await File.ReadAllTextAsync(PathOf(name), TestContext.Current.CancellationToken));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string[] lines) => File.WriteAllLines(Path.Combine(_folder.CreateSubdirectory(name).FullName, "men.csv"), lines);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(
            new RootCommand { EvaluatePolicyCommand.Create() }, ["evaluate-policy", .. args], new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
