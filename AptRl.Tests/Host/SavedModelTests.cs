using System.CommandLine;
using System.Text.Json.Nodes;
using AptRl.Host.Commands;
using Xunit;

namespace AptRl.Tests.Host;

[Collection("Torch")]
public sealed class SavedModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-saved-");

    public SavedModelTests()
    {
        // A ring of thirty items, in which each comes after the one before it.
        File.WriteAllLines(PathOf("train_sessions.txt"), Enumerable.Range(0, 120).Select(at => string.Join(' ', Enumerable.Range(7 * at, 5).Select(item => item % 30))));
        File.WriteAllLines(PathOf("test_pairs.tsv"), Enumerable.Range(0, 10).Select(at => $"{at} {at + 1}\t{at + 2}"));
        File.WriteAllLines(PathOf("log.csv"), Enumerable.Range(0, 120).Select(at => $"u{at / 4},{1_700_000_000 + at * 60},view,i{(11 * (at / 4) + at) % 30}").Prepend("user,time,type,item"));
    }

    private string Encoder => PathOf("models/ring.safetensors");

    private string[] Set => ["--data", _folder.FullName, "--format", "sessions"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_saved_encoder_is_as_good_as_its_card_says_and_is_judged_by_the_test_part()
    {
        await TrainAsync(Set);
        Assert.False(File.Exists($"{Encoder}.checkpoint"));
        var before = await File.ReadAllTextAsync(PathOf("models/ring.json"), TestContext.Current.CancellationToken);
        Assert.Equal($"{_folder.Name}, sessions", JsonNode.Parse(before)!["fit"]!["source"]!.GetValue<string>());

        var (code, output, error) = await RunAsync(["evaluate", "--model", Encoder, .. Set, "--json", PathOf("result.json")]);

        Assert.True(code == 0, error + output);
        Assert.Equal(2, output.Split('\n').Count(line => line.StartsWith("validation", StringComparison.Ordinal) && line.TrimEnd().EndsWith("equal", StringComparison.Ordinal)));
        var result = JsonNode.Parse(await File.ReadAllTextAsync(PathOf("result.json"), TestContext.Current.CancellationToken))!;
        Assert.True(result["card"]!["holds"]!.GetValue<bool>());
        Assert.Equal("encoder", result["models"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(10, result["dataset"]!["testQuestions"]!.GetValue<int>());
        Assert.Equal(before, await File.ReadAllTextAsync(PathOf("models/ring.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_card_that_promises_more_than_the_weights_hold_is_found_out()
    {
        await TrainAsync(["--input", PathOf("log.csv")]);
        var card = JsonNode.Parse(await File.ReadAllTextAsync(PathOf("models/ring.json"), TestContext.Current.CancellationToken))!;
        var said = card["fit"]!["hitRateAt20"]!.GetValue<double>();
        card["fit"]!["hitRateAt20"] = said + .001;
        await File.WriteAllTextAsync(PathOf("models/ring.json"), card.ToJsonString(), TestContext.Current.CancellationToken);

        var (code, output, _) = await RunAsync("evaluate", "--model", Encoder, "--input", PathOf("log.csv"));

        Assert.Equal(1, code);
        Assert.Contains("HR@20", output.Split('\n').Single(line => line.TrimEnd().EndsWith("differs", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("MRR@20", output.Split('\n').Single(line => line.TrimEnd().EndsWith("equal", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_data_and_a_damaged_card_are_told_from_each_other()
    {
        await TrainAsync(Set);
        await File.AppendAllTextAsync(PathOf("train_sessions.txt"), "1 2 3\n", TestContext.Current.CancellationToken);
        var (code, _, error) = await RunAsync(["evaluate", "--model", Encoder, .. Set]);
        Assert.Equal(1, code);
        Assert.Contains("give the data that it was fitted to", error, StringComparison.Ordinal);

        var card = await File.ReadAllTextAsync(PathOf("models/ring.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf("models/ring.json"), card[..(card.Length / 2)], TestContext.Current.CancellationToken);
        (code, _, error) = await RunAsync(["evaluate", "--model", Encoder, .. Set]);
        Assert.Equal(1, code);
        Assert.Contains("is no encoder's card", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_encoder_fitted_to_everything_the_figures_cannot_be_had_from_the_weights()
    {
        await TrainAsync([.. Set, "--refit"]);

        var (code, output, error) = await RunAsync(["evaluate", "--model", Encoder, .. Set]);

        Assert.True(code == 0, error);
        Assert.Contains("cannot be reproduced", output, StringComparison.Ordinal);
        Assert.Contains("encoder", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("give either --input FILE or --data FOLDER", "train")]
    [InlineData("give both or neither", "train", "--data", "x")]
    [InlineData("give --data FOLDER", "evaluate")]
    [InlineData("name it with --model", "evaluate", "--input", "x")]
    public async Task What_does_not_go_together_is_told(string told, params string[] args)
    {
        var (code, _, error) = await RunAsync(args);

        Assert.Equal(2, code);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    private async Task TrainAsync(string[] what)
    {
        var (code, _, error) = await RunAsync(["train", .. what, "--out", Encoder, "--epochs", "3", "--width", "16", "--layers", "1"]);
        Assert.True(code == 0, error);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(
            new RootCommand { EvaluateCommand.Create([]), TrainCommand.Create() }, args, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
