using System.CommandLine;
using System.Text.Json.Nodes;
using AptRl.Host.Commands;
using Xunit;

namespace AptRl.Tests.Host;

[Collection("Torch")]
public sealed class TrainCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-train-");

    public TrainCommandTests()
    {
        // A ring of thirty items, in which each comes after the one before it.
        File.WriteAllLines(PathOf("train_sessions.txt"), Enumerable.Range(0, 120).Select(at => string.Join(' ', Enumerable.Range(7 * at, 5).Select(item => item % 30))));
        File.WriteAllLines(PathOf("test_pairs.tsv"), ["0 1\t2"]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Settings_and_the_newest_share_are_what_the_card_says()
    {
        var (code, _, error) = await RunAsync(
            "--newest", "0.25", "--epochs", "1", "--width", "32",
            "--set", "width=16", "--set", "Block=HSTU", "--set", "labelSmoothing=0.1", "--set", "withoutTimes=true", "--set", "loss=binary");

        Assert.True(code == 0, error);
        var card = JsonNode.Parse(await File.ReadAllTextAsync(PathOf("ring.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal((16, "Hstu", true), (card["options"]!["width"]!.GetValue<int>(), card["options"]!["block"]!.GetValue<string>(), card["options"]!["withoutTimes"]!.GetValue<bool>()));
        Assert.Equal((.1, 1), (card["fit"]!["training"]!["labelSmoothing"]!.GetValue<double>(), card["fit"]!["training"]!["loss"]!.GetValue<int>()));

        // A quarter of 120 sessions of 5 touches.
        Assert.Equal((30, 150, $"{_folder.Name}, sessions, newest 0.25"), (card["fit"]!["users"]!.GetValue<int>(), card["fit"]!["touches"]!.GetValue<int>(), card["fit"]!["source"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("there is no 'blok'; there are width, heads, layers", "--set", "blok=plain")]
    [InlineData("'round' is not one of gated, ungated, plain, hstu", "--set", "block=round")]
    [InlineData("'1' is not one of gated, ungated, plain, hstu", "--set", "block=1")]
    [InlineData("'2.5' is not a whole number that fits", "--set", "layers=2.5")]
    [InlineData("'much' is not a number", "--set", "labelSmoothing=much")]
    [InlineData("'1' is not true or false", "--set", "withoutTimes=1")]
    [InlineData("LabelSmoothing 0.7 is not in [0, 0.5]; --set takes width, heads, layers", "--set", "labelSmoothing=0.7")]
    [InlineData("write NAME=VALUE", "--set", "plain")]
    [InlineData("above 0 and up to 1", "--newest", "0")]
    [InlineData("above 0 and up to 1", "--newest", "1.5")]
    public async Task A_setting_that_makes_no_sense_is_refused_with_what_there_is(string told, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("ring.json")));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(
            new RootCommand { TrainCommand.Create() },
            ["train", "--data", _folder.FullName, "--format", "sessions", "--out", PathOf("ring.safetensors"), .. args],
            new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
